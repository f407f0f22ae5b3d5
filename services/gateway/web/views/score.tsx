// The scoring workspace: what was handed in beside the rubric.
import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { Boot } from "../lib/boot";
import { isTyping, useKeys } from "../lib/keys";
import type { Problem } from "../lib/problem";
import { clock, dateOf, zoneName } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { ErrorSummary, type Mistake } from "../parts/field";
import { Fourteen } from "../parts/fourteen";
import { Icon } from "../parts/icon";
import { KeysDialog, type KeyRow } from "../parts/keys";
import { SaveState, useSaver } from "../parts/save_state";
import { Failure } from "../parts/state";
import { Tag } from "../parts/tag";
import { toast, Toasts } from "../parts/toast";
import { claim, nextOfMine, recuse, release, takeNext } from "./queue_record";
import { dueWords } from "./queue";
import { Desk } from "./score_desk";
import { EvidenceList, EvidenceSelect, Viewer } from "./score_evidence";
import { itemsOf, type Item } from "./score_items";
import { Phrases, type Values } from "./score_phrases";
import { QuoteDialog, selectionIn } from "./score_quote";
import { decider, hearAll, readReview, saverOf } from "./score_record";
import { focusOn, noteId, Rubric } from "./score_rubric";
import { isFailed, levelOf, placesOf, readQuote, standingOf, WHOLE, type Mark, type Place, type Review, type Standing } from "./score_rule";
import { outcomeName } from "./score_words";

export type ScoreBoot = Boot<Review>;

const SETTLE_MS = 10_000;

/* Which thing of the work is looked at: in the address, so that it can be pointed to. */
function useItem(items: Item[]) {
	const known = (id: string) => items.some((i) => i.id === id);
	const hash = decodeURIComponent(location.hash.slice(1));
	const [at, set] = useState(known(hash) ? hash : items[0]?.id ?? ""), [seen, see] = useState<ReadonlySet<string>>(new Set([at]));
	const go = (id: string) => {
		if (!known(id))
			return;
		history.replaceState(null, "", `#${id}`);
		set(id);
		see((s) => new Set([...s, id]));
	};
	const step = (by: number) => {
		const n = items.findIndex((i) => i.id === at) + by;

		go(items[(n + items.length) % items.length]?.id ?? at);
	};

	return { at, item: items.find((i) => i.id === at) ?? items[0], seen, go, step };
}

/* What has to be done before a decision can be sent: the same in the same words, before the server says it. */
function lackingOf({ unscored, unchallenged }: Standing): ReturnType<typeof errorsOf> {
	const rows = [...unscored.map((p) => [p, t("score.e_level", { criterion: p.criterion.title })] as const),
		...unchallenged.map((p) => [p, t("score.e_challenge", { criterion: p.criterion.title })] as const)];

	return { mistakes: rows.map(([p, text]) => ({ target: `b-${p.criterion.id}`, text })), fields: Object.fromEntries(rows.map(([p, text]) => [p.criterion.id ?? "", text])) };
}

/* What the server did not take of a decision, beside the criterion it speaks of. */
function errorsOf(problem: Problem, places: Place[], standing: Standing): { mistakes: Mistake[]; fields: { [id: string]: string } } {
	const fields: { [id: string]: string } = {}, mistakes: Mistake[] = [];
	const add = (id: string, text: string) => {
		if (fields[id] !== undefined)
			return;
		fields[id] = text;
		mistakes.push({ target: `b-${id}`, text });
	};

	for (const error of "errors" in problem ? problem.errors : []) {
		const [kind, name] = error.field.split(".");
		const place = places.find((p) => p.criterion.id === name);

		if (kind === "scores" && place !== undefined)
			add(name ?? "", t("score.e_level", { criterion: place.criterion.title }));
		else if (kind === "feedback")
			standing.unchallenged.filter((p) => p.part === name).forEach((p) => add(p.criterion.id ?? "", t("score.e_challenge", { criterion: p.criterion.title })));
		else
			mistakes.push({ target: "decide", text: error.message });
	}
	return { mistakes, fields };
}

function Sentence({ standing }: { standing: Standing }) {
	const { outcome, failed, unscored } = standing;

	if (outcome === "denied")
		return <><strong>{t("score.gives_denial")}</strong> {t("score.because", { n: failed.length, rest: failed.length - 1, criterion: failed[0]?.criterion.title ?? "" })}</>;
	if (outcome === "awarded")
		return <><strong>{t("score.gives_award")}</strong> {t("score.all_met")}</>;
	return <>{t("score.gives_open", { n: unscored.length })}</>;
}

/* What still stands in the way, as a link; null: nothing. */
function missing({ unscored, unchallenged }: Standing): { field: string; text: string } | null {
	const a = unscored[0], b = unchallenged[0];

	if (a !== undefined)
		return { field: a.criterion.id ?? "", text: t("score.first_level", { criterion: a.criterion.title }) };
	return b === undefined ? null : { field: b.criterion.id ?? "", text: t("score.first_challenge", { criterion: b.criterion.title }) };
}

/* Why a review cannot be worked on, and the way on. */
function Banner({ review, busy, onTake, onNext }: { review: Review; busy: boolean; onTake: () => void; onNext: () => void }) {
	const next = <p class="bar mt2"><Button kind="primary" small onClick={onNext} busy={busy && t("queue.taking")}>{t("queue.take_next")} <kbd aria-hidden="true">N</kbd></Button><a class="btn s" href="/queue">{t("score.to_queue")}</a></p>;

	if (review.state === "decided")
		return (
			<div class="note ok" role="status" id="banner" tabIndex={-1}><Icon name="check" size={20} /><div>
				<h2 class="h">{review.assignee === "me" ? t("score.sent", { outcome: outcomeName(review.decision?.outcome === "awarded" ? "awarded" : "denied") }) : t("score.is_decided")}</h2>
				<p>{t("score.sent_how", { time: clock(Date.parse(review.decision?.decidedAt ?? "")) })}</p>{next}</div></div>
		);
	if (review.state === "cancelled")
		return <div class="note warn" role="status" id="banner" tabIndex={-1}><Icon name="info" size={20} /><div><h2 class="h">{t("score.cancelled")}</h2><p>{t("score.cancelled_how")}</p>{next}</div></div>;
	if (review.state === "queued")
		return (
			<div class="note hi" id="banner" tabIndex={-1}><Icon name="info" size={20} /><div><h2 class="h">{t("score.queued")}</h2><p>{t("score.queued_how")}</p>
				<p class="bar mt2"><Button kind="primary" small onClick={onTake} busy={busy && t("queue.taking")}>{t("score.take_it")} <kbd aria-hidden="true">N</kbd></Button><a class="btn s" href="/queue">{t("score.to_queue")}</a></p></div></div>
		);
	return <div class="note warn" role="status" id="banner" tabIndex={-1}><Icon name="lock" size={20} /><div><h2 class="h">{t("score.other")}</h2><p>{t("score.other_how")}</p>{next}</div></div>;
}

function useReview(boot: ScoreBoot) {
	const [review, set] = useState(boot.data), account = boot.me?.accountId ?? "";
	const saver = useMemo(() => saverOf(boot.data, account, set), []), desk = useMemo(() => new Desk(saver), []);
	const state = useSaver(saver), [, draw] = useReducer((n: number) => n + 1, 0);

	// Levels and notes are drawn from what the saver holds: with each change, not only when its state is another.
	useEffect(() => saver.subscribe(() => draw(undefined)), []);
	useEffect(() => () => saver.close(), []);
	useEffect(() => {
		if (state === "locked")
			void readReview(review.id).then((r) => r.ok && set(r.data));
	}, [state]);
	return { review, set, saver, desk, state, account };
}

export function Score({ boot }: { boot: ScoreBoot }) {
	const { review, set, saver, desk, state, account } = useReview(boot);
	const items = useMemo(() => itemsOf(review), [review.id]), places = useMemo(() => placesOf(review), [review.id]);
	const { at, item, seen, go, step } = useItem(items);
	const locked = review.state !== "in_review" || review.assignee !== "me" || state === "locked";
	const marks: { [field: string]: Mark } = Object.fromEntries([...places.map((p) => p.criterion.id ?? ""), WHOLE].map((field) => [field, desk.mark(field)]));
	const standing = standingOf(places, marks), lacks = missing(standing);
	const [open, setOpen] = useState(locked ? places[0]?.criterion.id ?? "" : standing.unscored[0]?.criterion.id ?? places[0]?.criterion.id ?? "");
	const [tab, setTab] = useState<"evidence" | "rubric">("evidence"), [zoom, setZoom] = useState(false), [busy, setBusy] = useState("");
	const [dialog, show] = useState<"" | "keys" | "know" | "phrases" | "send" | "quote">(""), [turn, setTurn] = useState(0);
	const [problem, setProblem] = useState<Problem | null>(null), [errors, setErrors] = useState<ReturnType<typeof errorsOf>>({ mistakes: [], fields: {} });
	const decide = useMemo(() => decider(review.id), []), root = useRef<HTMLDivElement>(null);
	const title = review.microCredential?.title ?? "", place = places.find((p) => p.criterion.id === open), scored = places.length - standing.unscored.length;
	const quotes = Object.values(marks).flatMap((m) => m.notes.map((n) => readQuote(n.text)?.quote ?? "")).filter((q) => q !== "");
	const guess = place !== undefined && isFailed(place.criterion, marks[open]) ? "challenge" as const : "praise" as const;
	const criteria = [...places.map((p) => p.criterion.id ?? ""), WHOLE];
	// What was mended is no mistake any more.
	const live = { ...errors.fields };

	for (const id of Object.keys(live))
		if (!standing.unscored.some((p) => p.criterion.id === id) && !standing.unchallenged.some((p) => p.criterion.id === id))
			delete live[id];
	const mistakes = errors.mistakes.filter((m) => !m.target.startsWith("b-") || live[m.target.slice(2)] !== undefined);

	const openCriterion = (field: string, focus = true) => {
		setOpen(field);
		setTab("rubric");
		if (focus)
			setTimeout(() => {
				document.getElementById(`c-${field}`)?.scrollIntoView({ block: "nearest" });
				document.getElementById(`b-${field}`)?.focus({ preventScroll: true });
			}, 0);
	};
	const turnTo = (by: number) => {
		const n = criteria.indexOf(open);

		openCriterion(criteria[Math.min(criteria.length - 1, Math.max(0, n < 0 ? 0 : n + by))] ?? open);
	};
	const choose = (n: number) => {
		const level = place?.criterion.levels?.[n - 1];

		if (!locked && level !== undefined)
			desk.setLevel(open, level.id ?? "");
	};
	const write = () => {
		if (locked || open === "")
			return;
		const first = desk.notes(open)[0];

		focusOn(() => {
			setTab("rubric");
			return noteId(first?.id ?? desk.add(open, guess, place?.part ?? ""));
		});
	};
	const putQuote = (quote: string, source: string) => {
		const field = open === "" ? WHOLE : open;

		focusOn(() => {
			setOpen(field);
			show("");
			setTab("rubric");
			return noteId(desk.quote(field, guess, place?.part ?? "", quote, source));
		});
	};
	const quote = () => {
		const words = selectionIn("evidence");

		if (locked || item === undefined)
			return;
		if (words !== "")
			putQuote(words, item.title);
		else if (item.look === "text" || item.look === "collaboration" || item.look === "ai")
			toast(t("score.select_first"));
		else
			show("quote");
	};
	const takeThis = async () => {
		setBusy("take");
		const taken = await claim(review.id);

		if (taken.ok)
			return location.reload();
		setBusy("");
		setProblem(taken.problem);
	};
	const next = async () => {
		setBusy("next");
		const mine = await nextOfMine(review.id), taken = mine?.id ?? await takeNext();

		if (typeof taken === "string")
			return location.assign(`/queue/${taken}`);
		setBusy("");
		if (taken === null)
			return location.assign("/queue");
		setProblem(taken);
	};
	const giveBack = async (how: typeof release) => {
		setBusy("back");
		await saver.settled(SETTLE_MS);
		const given = await how(review.id);

		if (given.ok)
			return location.assign("/queue");
		setBusy("");
		show("");
		setProblem(given.problem);
	};
	const askSend = () => {
		if (locked)
			return;
		if (lacks !== null) {
			setErrors(lackingOf(standing));
			setTurn(turn + 1);
			setTab("rubric");
		} else
			show("send");
	};
	const send = async () => {
		if (standing.outcome === null || busy !== "")
			return;
		setBusy("send");
		setProblem(null);
		const saved = await saver.settled(SETTLE_MS), result = saved === "saved" ? await decide(standing.outcome) : null;

		setBusy("");
		show("");
		if (result === null)
			return toast(t("score.not_saved"));
		if (result.ok) {
			focusOn(() => {
				set(result.data);
				setTab("rubric");
				return "banner";
			});
		} else if (result.problem.kind === "invalid") {
			// The server saw something else than this page: what it has, then what it says of it.
			const now = await readReview(review.id);

			if (now.ok)
				hearAll(saver, now.data);
			const found = errorsOf(result.problem, places, standingOf(places, Object.fromEntries(criteria.map((field) => [field, desk.mark(field)]))));

			setErrors(found);
			setProblem(found.mistakes.length === 0 ? result.problem : null);
			setTurn(turn + 1);
			setTab("rubric");
		} else {
			setProblem(result.problem);
			void readReview(review.id).then((r) => r.ok && set(r.data));
		}
	};
	const phrase = (text: string, kind: Mark["notes"][0]["kind"]) => {
		const field = open === "" ? WHOLE : open;

		focusOn(() => {
			show("");
			setOpen(field);
			return noteId(desk.add(field, kind, place?.part ?? "", text));
		});
	};
	const values: Values = { title, criterion: place?.criterion.title ?? t("score.whole"), part: place?.partTitle ?? "",
		level: place?.criterion.levels?.find((l) => l.passing === true)?.title ?? "" };
	const keys: KeyRow[] = [[["J"], t("score.key_next")], [["K"], t("score.key_before")], [["1"], t("score.key_level")], [["F"], t("score.key_note")], [["/"], t("score.key_phrases")],
		[["E"], t("score.key_evidence")], [["Shift", "E"], t("score.key_evidence_before")], [["Q"], t("score.key_quote")], [["Z"], t("score.key_zoom")],
		[["Esc"], t("score.key_leave")], [["Ctrl", "Enter"], t("score.key_send")], [["X"], t("score.key_back")], [["G", "Q"], t("queue.key_go")], [["?"], t("queue.keys")]];

	useKeys({
		j: () => turnTo(1), k: () => turnTo(-1), e: () => step(1), E: () => step(-1), f: write, q: quote, z: () => setZoom(!zoom),
		"/": () => locked || show("phrases"), "?": () => show("keys"), n: () => (review.state === "queued" ? void takeThis() : locked && void next()),
		x: () => locked || void giveBack(release),
		...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [String(i + 1), () => choose(i + 1)])),
	});
	useEffect(() => {
		const press = (e: KeyboardEvent) => {
			if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.altKey) {
				e.preventDefault();
				if (dialog === "send")
					void send();
				else if (dialog === "")
					askSend();
			} else if (e.key === "Escape" && dialog === "" && isTyping(e)) {
				// Out of the field, to where single keys work.
				document.getElementById(`b-${open}`)?.focus();
			} else if ((e.ctrlKey || e.metaKey) && e.code === "KeyS") {
				e.preventDefault();
				saver.flush();
			}
		};

		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	});
	useEffect(() => {
		document.title = `${t("score.title", { code: review.submissionCode })} · Vouch`;
	}, []);
	useEffect(() => setZoom(false), [at]);
	const clash = criteria.find((f) => saver.machine.fields[f]?.clash != null);
	const due = review.reviewClock?.dueDate ?? review.dueDate;

	if (item === undefined)
		return null;
	return (
		<div class={`scoring ${tab}`} ref={root}>
			<header class="deskbar">
				<a class="iconlink" href="/queue"><Icon name="back" flip /><span class="vh">{t("score.to_queue")}</span></a>
				<div class="name">
					<h1 dir="auto">{title}</h1>
					<p class="xs soft"><span class="num">{review.submissionCode}</span>, {review.earnerName !== undefined && review.earnerName !== "" ? <bdi>{review.earnerName}</bdi> : t("score.hidden")}, {t("score.attempt", { n: review.attempt })}</p>
				</div>
				{review.reviewClock != null && <p class="when" title={zoneName(review.timeZone)}><Fourteen clock={review.reviewClock} /><strong class="nw">{t("score.due", { date: dateOf(due) })}</strong>
					{!locked && <span class={`xs nw ${review.overdue ? "r" : "soft"}`}>{dueWords(review)}</span>}</p>}
				{review.escalated && !locked && <Tag tone="warn">{t("queue.escalated")}</Tag>}
				{!locked && <><button type="button" class="iconlink more" popovertarget="more"><Icon name="more" /><span class="vh">{t("score.more")}</span></button>
					<div id="more" class="menu" popover="auto">
						<button type="button" popovertarget="more" popovertargetaction="hide" onClick={() => show("know")}>{t("score.know")}</button>
						<button type="button" popovertarget="more" popovertargetaction="hide" onClick={() => void giveBack(release)}>{t("queue.give_back")}</button>
					</div></>}
				<span class="acts">
					{!locked && <><Button small onClick={() => show("know")}>{t("score.know")}</Button>
						<Button small kind="quiet" onClick={() => void giveBack(release)} busy={busy === "back" && t("score.giving")}>{t("queue.give_back")}</Button></>}
					<Button small kind="quiet" class="hide-m" onClick={() => show("keys")}><Icon name="keyboard" /><span class="vh">{t("queue.keys")}</span><kbd aria-hidden="true">?</kbd></Button>
				</span>
			</header>
			<div class="switch" role="group" aria-label={t("score.show")}>
				<button type="button" aria-pressed={tab === "evidence"} onClick={() => setTab("evidence")}>{t("score.evidence")}</button>
				<button type="button" aria-pressed={tab === "rubric"} onClick={() => setTab("rubric")}>{t("score.rubric")} <span class="soft num">{`${scored}/${places.length}`}</span></button>
			</div>
			<div class="panes">
				<EvidenceList items={items} at={at} seen={seen} onGo={go} />
				<Viewer review={review} item={item} step={step} quotes={quotes} zoom={zoom} onZoom={() => setZoom(!zoom)} onQuote={quote} canQuote={!locked}>
					<EvidenceSelect items={items} at={at} onGo={go} />
				</Viewer>
				<section class="score" aria-labelledby="rubric-h">
					<h2 class="vh" id="rubric-h">{t("score.rubric")}</h2>
					<div class="crits" tabIndex={0} role="group" aria-label={t("score.criteria")}>
						{locked && <Banner review={review} busy={busy === "take" || busy === "next"} onTake={() => void takeThis()} onNext={() => void next()} />}
						{problem !== null && <Failure title={t("score.failed")} problem={problem} />}
						<ErrorSummary mistakes={mistakes} turn={turn} />
						{!locked && <div class="bar progress"><progress class="p-ok" value={scored} max={places.length} aria-label={t("score.rubric_n", { n: scored, of: places.length })} /><span class="xs soft nw">{t("score.scored", { n: scored, of: places.length })}</span>
							<SaveState saver={saver} remedies={{ clash: clash !== undefined ? `clash-${clash}` : undefined, locked: "banner" }} /></div>}
						<Rubric desk={desk} saver={saver} locked={locked} places={places} open={open} errors={live} onOpen={(f) => setOpen(f)} onPart={(part) => {
							go(`part-${part}`);
							setTab("evidence");
						}} onPhrases={() => show("phrases")} />
					</div>
					{!locked && (
						<div class="decide" id="decide" tabIndex={-1}>
							<p class="xs" role="status"><Sentence standing={standing} />{standing.outcome !== null && !standing.praised && <span class="soft"> {t("score.no_praise")}</span>}</p>
							<div class="bar"><Button kind="primary" small notYet={lacks !== null ? "lacks" : undefined} onClick={askSend}>{t("score.send")} <kbd aria-hidden="true">Ctrl ↵</kbd></Button>
								{lacks !== null && <span class="xs" id="lacks"><a href={`#b-${lacks.field}`} onClick={(e) => {
									e.preventDefault();
									openCriterion(lacks.field);
								}}>{lacks.text}</a></span>}</div>
						</div>
					)}
				</section>
			</div>
			<KeysDialog rows={keys} open={dialog === "keys"} onClose={() => show("")} />
			<Phrases place={`vouch-phrases/${account}`} open={dialog === "phrases"} values={values} onClose={() => show("")} onPick={(p) => phrase(p.text, p.kind)} />
			<QuoteDialog open={dialog === "quote"} title={item.title} onClose={() => show("")} onQuote={putQuote} />
			<Dialog title={t("score.know_title")} open={dialog === "know"} onClose={() => show("")}>
				<p>{t("score.know_how")}</p>
				<p class="bar"><Button kind="primary" onClick={() => void giveBack(recuse)} busy={busy === "back" && t("score.giving")}>{t("score.pass_on")}</Button><Button onClick={() => show("")}>{t("score.keep")}</Button></p>
			</Dialog>
			<Dialog title={t("score.send_title", { outcome: outcomeName(standing.outcome ?? "denied") })} open={dialog === "send"} onClose={() => show("")}>
				<p><Sentence standing={standing} /></p>
				<ul class="sum">{places.map((p) => {
					const level = levelOf(p.criterion, marks[p.criterion.id ?? ""]);

					return <li><bdi>{p.criterion.title}</bdi> <Tag tone={level?.passing === true ? "ok" : "warn"}>{level?.title}</Tag></li>;
				})}</ul>
				<p class="sm soft">{t("score.final")}</p>
				<p class="bar"><Button kind="primary" onClick={() => void send()} busy={busy === "send" && t("score.sending")}>{t("score.send_now")} <kbd aria-hidden="true">Ctrl ↵</kbd></Button><Button onClick={() => show("")}>{t("score.not_yet")}</Button></p>
			</Dialog>
			<Toasts />
		</div>
	);
}
