// "/drafts/{id}": the place where an earner writes. The text is saved by itself, the
// rubric stands beside it, and what blocks handing in is always at the lower edge.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ask } from "../lib/api";
import type { Boot } from "../lib/boot";
import type { Saver } from "../lib/saver";
import { moment } from "../lib/time";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { jump } from "../parts/field";
import { Icon } from "../parts/icon";
import { SaveState, useSaver, type Remedies } from "../parts/save_state";
import { Note } from "../parts/tag";
import { toast, Toasts } from "../parts/toast";
import { findingsOf, partName, type Finding } from "./draft_checks";
import { Ai, Collaboration } from "./draft_declare";
import { EvidenceList } from "./draft_evidence";
import { Offline } from "./draft_offline";
import { History } from "./draft_history";
import { Merge } from "./draft_merge";
import { PARTS, readDraft, saidField, saverOf, textField, type Check, type MicroCredential, type PartKey, type Submission } from "./draft_record";
import { Requirements } from "./draft_requirements";
import { Prompts, Rubric } from "./draft_rubric";
import { PartText } from "./draft_text";

const CHECK_MS = 900, SHOWN_MAX = 3, SETTLE_MS = 10_000;

export interface DraftBoot extends Boot<Submission> {
	beside?: (MicroCredential | null)[];
}

/* The record, its saver and its checks: what the page of the draft and that of the checks share. */
export function useDraft(boot: DraftBoot) {
	const [submission, set] = useState(boot.data), [micro, setMicro] = useState(boot.beside?.[0] ?? undefined);
	const [checks, setChecks] = useState<Check[]>([]), [checkedAt, setCheckedAt] = useState(0), [checking, setChecking] = useState(true);
	const account = boot.me?.accountId ?? "", turn = useRef(0);
	const saver = useMemo(() => saverOf(boot.data, account, (s) => set(s)), []);
	const change = useCallback((f: (s: Submission) => Submission) => set(f), []);
	const check = useCallback(async () => {
		const mine = ++turn.current;

		if (boot.data.state !== "draft")
			return;

		setChecking(true);
		const result = await ask(api.GET("/submissions/{id}/checks", { params: { path: { id: boot.data.id } } }));

		if (mine !== turn.current)
			return;
		setChecking(false);
		if (result.ok) {
			setChecks(result.data.items);
			setCheckedAt(Date.now());
		}
	}, []);

	useEffect(() => {
		if (micro !== undefined)
			return;
		void ask(api.GET("/micro-credentials/{id}", { params: { path: { id: boot.data.microCredential?.id ?? "" } } })).then(
			(result) => result.ok && setMicro(result.data));
	}, []);
	// After each save, when the server is at rest.
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined, was = -1;
		const later = () => {
			if (saver.shown !== "saved" || saver.machine.savedAt === was)
				return;
			was = saver.machine.savedAt;
			clearTimeout(timer);
			timer = setTimeout(() => void check(), CHECK_MS);
		};
		const unsubscribe = saver.subscribe(later);

		was = saver.machine.savedAt;
		void check();
		return () => {
			clearTimeout(timer);
			unsubscribe();
		};
	}, [saver]);
	return { submission, micro, saver, checks, checkedAt, checking, check, change, account };
}

/* What was told "that is fine": on this device; the warning never blocks. */
function useDismissed(place: string): [Set<string>, (key: string) => void] {
	const [list, set] = useState<Set<string>>(() => {
		try {
			return new Set(JSON.parse(localStorage.getItem(place) ?? "[]") as string[]);
		} catch {
			return new Set();
		}
	});

	return [list, (key) => {
		const next = new Set(list).add(key);

		set(next);
		try {
			localStorage.setItem(place, JSON.stringify([...next].slice(-200)));
		} catch {
			// Then it is dismissed until the page is left.
		}
	}];
}

/* The server will not have this draft changed any more, or not by this person. */
function Locked({ submission, saver }: { submission: Submission; saver: Saver }) {
	const unsent = PARTS.map((key) => saver.machine.fields[textField(key)]).filter((f) => f !== undefined && f.mine !== f.base).map((f) => f?.mine ?? "");
	const isGone = submission.state === "draft" || submission.state === "discarded";
	const copy = () => void navigator.clipboard.writeText(unsent.join("\n\n")).then(() => toast(t("draft.copied")));

	return (
		<Note tone="warn" icon="lock" role="alert">
			<p><strong>{isGone ? t("draft.locked_gone") : t("draft.locked_sent")}</strong> {unsent.length > 0 && t("draft.locked_how")}</p>
			<p class="bar mt2">
				{!isGone && <a class="btn s" href={`/submissions/${submission.id}`}>{t("draft.follow")}</a>}
				{unsent.length > 0 && <Button small onClick={copy}>{t("draft.copy_unsent")}</Button>}
			</p>
		</Note>
	);
}

/* What stands in the way of saving, in a sentence, on top of the page. */
export function Banner({ saver, submission }: { saver: Saver; submission: Submission }) {
	const state = useSaver(saver);

	if (submission.state !== "draft")
		return <Locked submission={submission} saver={saver} />;
	switch (state) {
	case "offline":
		return <Note tone="warn" icon="offline"><p><strong>{t("draft.offline")}</strong> {saver.keeps ? t("draft.offline_how") : t("draft.offline_lost")}</p></Note>;
	case "signed_out":
		return (
			<Note tone="bad" icon="error" role="alert">
				<p><strong>{t("draft.signed_out")}</strong> {t("draft.signed_out_how")}</p>
				<p class="bar mt2"><a class="btn s" href={`/signin?next=${encodeURIComponent(location.pathname)}`} target="_blank" rel="opener">{t("app.sign_in")}</a>
					<LinkButton onClick={saver.again}>{t("draft.signed_in_again")}</LinkButton></p>
			</Note>
		);
	case "locked":
		return <Locked submission={submission} saver={saver} />;
	default:
		return saver.restoredAt > 0 ? <Note tone="ok" icon="check"><p>{t("draft.restored", { time: moment(saver.restoredAt) })}</p></Note> : null;
	}
}

/* Where the remedy stands for what is wrong with saving. */
export function remediesOf(saver: Saver): Remedies {
	const all = Object.entries(saver.machine.fields), clash = all.find(([, f]) => f.clash !== null), refused = all.find(([, f]) => f.refused !== null);

	return {
		clash: clash !== undefined ? `merge-${clash[0].replace(".", "-")}` : undefined,
		refused: refused !== undefined ? refused[0].replace(".", "-") : undefined,
		locked: "banner",
	};
}

/* Which part is being worked in: the last one whose beginning has passed the upper edge. */
function useHere(): PartKey {
	const [here, set] = useState<PartKey>("overview");

	useEffect(() => {
		const look = () => {
			let at: PartKey = "overview";

			for (const key of PARTS)
				if ((document.getElementById(key)?.getBoundingClientRect().top ?? Infinity) < innerHeight * 0.4)
					at = key;
			set(at);
		};

		look();
		addEventListener("scroll", look, { passive: true });
		return () => removeEventListener("scroll", look);
	}, []);
	return here;
}

function PartLinks({ fixes }: { fixes: Map<PartKey, number> }) {
	const here = useHere();

	return (
		<nav aria-label={t("draft.parts")}>
			<ol>{PARTS.map((key, i) => {
				const n = fixes.get(key);

				return (
					<li key={key}>
						<a href={`#${key}`} aria-current={here === key ? "step" : undefined} onClick={(e) => {
							e.preventDefault();
							goTo(key);
						}}>
							{n === undefined ? <span class="unknown" /> : <Icon name={n > 0 ? "warn" : "check"} />}<b>{i + 1}</b> <span>{partName(key)}</span>
							{n !== undefined && <span class="vh">, {n === 0 ? t("draft.part_ready") : t("app.to_fix", { n })}</span>}
						</a>
					</li>
				);
			})}</ol>
		</nav>
	);
}

function goTo(key: PartKey): void {
	document.getElementById(key)?.scrollIntoView();
	document.getElementById(`${key}-h`)?.focus({ preventScroll: true });
}

/* Alt+1..3, Alt+N, Ctrl+S, and "?" outside of fields. */
function useKeys(saver: Saver, blocks: Finding[], help: () => void): void {
	const at = useRef(-1), list = useRef(blocks);

	list.current = blocks;
	useEffect(() => {
		const press = (e: KeyboardEvent) => {
			const typing = (e.target as Element | null)?.closest("input, textarea, select, [contenteditable]") !== null;

			if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.code === "KeyS") {
				e.preventDefault();
				void saver.settled(SETTLE_MS).then((state) => state === "saved" && toast(t("draft.all_saved")));
			} else if (e.altKey && !e.ctrlKey && !e.metaKey && /^Digit[1-3]$/.test(e.code)) {
				e.preventDefault();
				goTo(PARTS[Number(e.code.slice(-1)) - 1] ?? "overview");
			} else if (e.altKey && !e.ctrlKey && !e.metaKey && e.code === "KeyN") {
				e.preventDefault();
				if (list.current.length === 0)
					toast(t("draft.nothing_to_fix"));
				else
					jump(null, list.current[(at.current = (at.current + 1) % list.current.length)]?.target ?? "");
			} else if (e.key === "?" && !typing && !e.ctrlKey && !e.altKey && !e.metaKey)
				help();
		};

		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	}, [saver]);
}

function Keys({ open, onClose }: { open: boolean; onClose: () => void }) {
	const rows: [string[], string][] = [[["Ctrl", "S"], t("draft.key_save")], [["Alt", "1"], t("draft.key_parts")], [["Alt", "N"], t("draft.key_next")],
		[["?"], t("draft.key_help")]];

	return (
		<Dialog title={t("draft.keys")} open={open} onClose={onClose}>
			<dl class="keys">{rows.map(([keys, text]) => <><dt dir="ltr">{keys.map((k) => <kbd>{k}</kbd>)}</dt><dd>{text}</dd></>)}</dl>
		</Dialog>
	);
}

/* At the lower edge: what blocks, as links, and the way on. */
function SendBar({ blocks, ready, id, onward }: { blocks: Finding[]; ready: boolean; id: string; onward: string | null }) {
	return (
		<div class="send">
			<div>
				<p class="sm" role="status">
					{blocks.length === 0 ? <span>{ready ? t("draft.nothing_blocks") : ""}</span> : (
						<>
							<strong>{t("app.to_fix", { n: blocks.length })}</strong>{" "}
							<span class="blocks">{blocks.slice(0, SHOWN_MAX).map((b) => (
								<><a href={b.place === "send" ? `/drafts/${id}/check#${b.target}` : `#${b.target}`} dir="auto"
									onClick={(e) => (b.place === "send" ? undefined : jump(e, b.target))}>{b.text}</a>{" "}</>
							))}{blocks.length > SHOWN_MAX && <a href={`/drafts/${id}/check`}>{t("draft.and_more", { n: blocks.length - SHOWN_MAX })}</a>}</span>
						</>
					)}
				</p>
				{onward === null ? <a class="btn pri end" href={`/drafts/${id}/check`}>{t("draft.check_and_submit")}</a> :
					<a class="btn pri end" href={onward}>{onward === "/work" ? t("draft.to_work") : t("draft.follow")}</a>}
			</div>
		</div>
	);
}

/* Where to go from a draft that cannot be changed any more; null: it can. */
export function onwardOf(submission: Submission, locked: boolean): string | null {
	if (!locked)
		return null;
	return submission.state === "draft" || submission.state === "discarded" ? "/work" : `/submissions/${submission.id}`;
}

export function Draft({ boot }: { boot: DraftBoot }) {
	const { submission, micro, saver, checks, checkedAt, change, check, account } = useDraft(boot), place = `draft/${account}/${submission.id}`;
	const [dismissed, dismiss] = useDismissed(`${place}/fine`), [history, setHistory] = useState<PartKey | null>(null);
	const [help, setHelp] = useState(false), [reading, setReading] = useState(false);
	const state = useSaver(saver), locked = submission.state !== "draft" || state === "locked";
	const findings = useMemo(() => findingsOf(checks, submission, micro), [checks, submission, micro]);
	const blocks = findings.filter((f) => f.check.severity === "blocks");
	const loud = useMemo(() => location.hash !== "", []);
	const errors = loud ? Object.fromEntries(blocks.map((b) => [b.target, b.text])) : {};
	const fixes = new Map(checkedAt === 0 ? [] : PARTS.map((key) => [key, blocks.filter((b) => b.place === key).length]));
	const title = submission.microCredential?.title ?? "";

	useKeys(saver, blocks.filter((b) => b.place !== "send"), () => setHelp(true));
	useEffect(() => {
		document.title = `${t("draft.title", { title })} · Vouch`;
	}, [title]);
	// Where somebody comes from the list of checks: when the thing is there.
	useEffect(() => {
		if (location.hash !== "" && micro !== undefined)
			jump(null, decodeURIComponent(location.hash.slice(1)));
	}, [micro !== undefined]);
	useEffect(() => {
		if (state === "locked")
			void readDraft(submission.id).then((r) => r.ok && change(() => r.data));
	}, [state]);

	const declared = { saver, micro, locked, errors };

	return (
		<>
			<div class="dbar"><div>
				<PartLinks fixes={fixes} />
				<SaveState saver={saver} remedies={remediesOf(saver)} />
				<Button small kind="quiet" onClick={() => setReading(!reading)} aria-expanded={reading} aria-controls="requirements"><Icon name="book" /><span class="hide-m">{t("draft.requirements")}</span><span class="vh only-m">{t("draft.requirements")}</span></Button>
			</div></div>
			<div class={reading ? "reading" : undefined}><div class="wrap draft">
				<header>
					<p class="sm soft">{t("draft.attempt", { n: submission.attempt })} · <span class="num">{submission.code}</span></p>
					<h1 dir="auto">{title}</h1>
					{!locked && <p class="lead">{t("draft.lead")}</p>}
				</header>
				<div class="banner" id="banner" tabIndex={-1}><Banner saver={saver} submission={submission} /></div>
				{micro !== undefined && micro.version !== submission.microCredential?.version &&
					<Note icon="info"><p>{t("draft.newer", { mine: submission.microCredential?.version ?? 0, newer: micro.version })}</p></Note>}
				{PARTS.map((key, i) => {
					const part = submission.parts.find((p) => p.key === key), hint = `text-${key}-hint`;

					return (
						<section class="part" id={key} key={key} aria-labelledby={`${key}-h`}>
							<div class="stack">
								<header>
									<h2 id={`${key}-h`} tabIndex={-1} dir="auto">{part?.title ?? partName(key)}</h2>
									<Prompts micro={micro} part={key} />
								</header>
								{key === "overview" && <><Merge saver={saver} field={saidField("collaboration")} name={t("draft.collaboration")} /><Collaboration {...declared} /></>}
								<Merge saver={saver} field={textField(key)} name={part?.title ?? partName(key)} />
								<div>
									<p class="bar label-row"><span class="label">{t("draft.text")}</span>
										{(part?.version ?? 0) > 1 && <LinkButton class="sm end" onClick={() => setHistory(key)}>{t("draft.history")}</LinkButton>}</p>
									<p class="hint" id={hint}>{key === "work_examples" ? t("draft.text_hint_work") : t("draft.text_hint")}</p>
									<PartText saver={saver} part={key} title={part?.title ?? partName(key)} min={part?.minWords ?? 0} max={part?.maxWords ?? 0} locked={locked}
										hintId={hint} findings={findings.filter((f) => f.check.severity === "warns" && f.check.part === key && !dismissed.has(f.key))}
										onDismiss={(f) => dismiss(f.key)} />
								</div>
								{key === "work_examples" && <EvidenceList submission={submission} micro={micro} locked={locked} onChange={change} onSettled={() => void check()} errors={errors} />}
								{key === "reflection" && <><Merge saver={saver} field={saidField("ai")} name={t("draft.ai")} /><Ai {...declared} /></>}
							</div>
							<Rubric micro={micro} part={key} n={i + 1} place={place} />
						</section>
					);
				})}
				<p class="bar foot-links"><Offline submission={submission} micro={micro} saver={saver} locked={locked} /><LinkButton class="sm" onClick={() => setHelp(true)}>{t("draft.keys")}</LinkButton></p>
			</div><Requirements id="requirements" micro={micro} open={reading} onClose={() => setReading(false)} /></div>
			<SendBar blocks={locked ? [] : blocks} ready={checkedAt > 0 && !locked} id={submission.id} onward={onwardOf(submission, locked)} />
			<History id={submission.id} part={history} now={history !== null ? saver.text(textField(history)) : ""} locked={locked} onClose={() => setHistory(null)}
				onRestore={(text) => {
					if (history !== null)
						saver.edit(textField(history), text);
					saver.flush();
					setHistory(null);
					toast(t("draft.restored_version"));
				}} />
			<Keys open={help} onClose={() => setHelp(false)} />
			<Toasts />
		</>
	);
}

