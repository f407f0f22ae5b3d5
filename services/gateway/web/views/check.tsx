// "/drafts/{id}/check": everything that the rules say, what is to be confirmed, and
// handing in. The server asks the same rules once more, so there is no surprise.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ask, body, newKey, type Schemas } from "../lib/api";
import type { Problem } from "../lib/problem";
import type { Saver } from "../lib/saver";
import { useResource } from "../lib/resource";
import { clock, dateOf, zoneName } from "../lib/time";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { jump } from "../parts/field";
import { Icon, type IconName } from "../parts/icon";
import { SaveState, useField, useSaver } from "../parts/save_state";
import { Failure } from "../parts/state";
import { Tag } from "../parts/tag";
import { Toasts } from "../parts/toast";
import { findingsOf, partName, type Finding } from "./draft_checks";
import { Confirm } from "./draft_declare";
import { Banner, onwardOf, remediesOf, useDraft, type DraftBoot } from "./draft";
import { PARTS, readSaid, saidField, textField } from "./draft_record";

const SETTLE_MS = 15_000, AGAIN_MS = 2_500;

function Group({ title, icon, tone, list, id, open }: { title: string; icon: IconName; tone: "bad" | "warn" | "ok"; list: Finding[]; id: string; open: boolean }) {
	if (list.length === 0)
		return null;
	return (
		<details class="group" open={open}>
			<summary><h2><Tag tone={tone} icon={icon}>{list.length}</Tag> {title}</h2></summary>
			<ul class="card">{list.map((f) => (
				<li class="ev" key={f.key}>
					<Icon name={icon} size={20} />
					<div>
						<p class="ink" dir="auto" lang={f.isForeign ? "en" : undefined}>{f.text}</p>
						{f.check.excerpt !== undefined && <p><mark dir="auto">{f.check.excerpt}</mark></p>}
					</div>
					{f.check.severity !== "passes" && (f.place === "send" ?
						<a class="btn s" href={`#${f.target}`} onClick={(e) => jump(e, f.target)}>{t("draft.go_confirm")}</a> :
						<a class="btn s" href={`/drafts/${id}#${f.target}`}>{t("draft.go", { part: partName(f.place) })}<span class="vh">: {f.text}</span></a>)}
				</li>
			))}</ul>
		</details>
	);
}

export function CheckPage({ boot }: { boot: DraftBoot }) {
	const { submission, micro, saver, checks, checkedAt, checking, check } = useDraft(boot), state = useSaver(saver);
	const [sending, setSending] = useState(false), [problem, setProblem] = useState<Problem | null>(null), [asked, setAsked] = useState(false);
	const key = useRef(newKey()), findings = useMemo(() => findingsOf(checks, submission, micro), [checks, submission, micro]);
	const blocks = findings.filter((f) => f.check.severity === "blocks"), warns = findings.filter((f) => f.check.severity === "warns");
	const waits = blocks.length > 0 && blocks.every((f) => f.check.rule === "evidence_checked");
	const locked = submission.state !== "draft" || state === "locked", id = submission.id;
	const errors = asked ? Object.fromEntries(blocks.map((b) => [b.target, b.text])) : {};

	const issuer = submission.microCredential?.issuer?.id ?? "";
	const promise = useResource(issuer !== "" && !locked ? issuer : null, () => ask(api.GET("/issuers/{id}/promise", { params: { path: { id: issuer } } })));

	useEffect(() => {
		document.title = `${t("draft.check_title")} · Vouch`;
		if (location.hash !== "")
			jump(null, location.hash.slice(1));
	}, []);
	// Evidence that is still being looked at: it takes seconds.
	useEffect(() => {
		const timer = blocks.some((f) => f.check.rule === "evidence_checked") ? setTimeout(() => void check(), AGAIN_MS) : undefined;

		return () => clearTimeout(timer);
	}, [checkedAt]);

	const submit = async () => {
		setAsked(true);
		setProblem(null);
		if (blocks.length > 0) {
			const first = blocks[0];

			if (first !== undefined)
				jump(null, first.place === "send" ? first.target : "checks");
			return;
		}
		setSending(true);
		if (await saver.settled(SETTLE_MS) !== "saved") {
			setSending(false);
			return;
		}
		const result = await ask(api.POST("/submissions/{id}/submit", {
			params: { path: { id }, header: { "Idempotency-Key": key.current } }, body: body<Schemas["SubmitSubmission"]>({}) }));

		if (result.ok) {
			location.assign(`/submissions/${id}/sent`);
			return;
		}
		setSending(false);
		setProblem(result.problem);
		if (result.problem.kind !== "unreached" && result.problem.kind !== "busy")
			key.current = newKey();
		void check();
	};

	return (
		<>
			<div class="wrap narrow stack-l checkpage">
				<header class="stack-s">
					<p class="bar"><a href={`/drafts/${id}`}>{t("draft.back")}</a><span class="end"><SaveState saver={saver} remedies={remediesOf(saver)} /></span></p>
					<p class="soft" dir="auto">{submission.microCredential?.title}</p>
					<h1>{t("draft.check_title")}</h1>
					<p class="lead" role="status">{
						checkedAt === 0 ? t("draft.checks_run") : waits ? t("draft.checks_wait") : blocks.length > 0 ? t("draft.checks_block", { n: blocks.length }) :
						warns.length > 0 ? t("draft.checks_warn", { n: warns.length }) : t("draft.checks_fine")}</p>
				</header>
				<div id="banner" tabIndex={-1}><Banner saver={saver} submission={submission} /></div>
				<section class="stack" id="checks" tabIndex={-1} aria-label={t("draft.checks")} aria-busy={checking ? "true" : undefined}>
					{checkedAt === 0 && checking && <div class="card pad stack-s"><div class="skel" /><div class="skel" /><div class="skel" /></div>}
					<Group id={id} title={t("draft.must_fix")} icon="error" tone="bad" list={blocks} open />
					<Group id={id} title={t("draft.should_look")} icon="warn" tone="warn" list={warns} open />
					<Group id={id} title={t("draft.fine")} icon="check" tone="ok" list={findings.filter((f) => f.check.severity === "passes")} open={false} />
					{checkedAt > 0 && <p class="sm soft">{t("draft.checked_at", { time: clock(checkedAt) })} <LinkButton class="sm" onClick={() => void check()}>{t("draft.check_again")}</LinkButton></p>}
				</section>
				<section class="stack">
					<h2>{t("draft.what_goes")}</h2>
					<p class="soft">{t("draft.what_goes_how")}</p>
					{PARTS.map((part) => {
						return (
							<details class="card pad" key={part}>
								<summary><b>{partName(part)}</b> <span class="soft sm">{t("draft.words", { n: submission.parts.find((p) => p.key === part)?.words ?? 0 })}</span></summary>
								<TextOf saver={saver} field={textField(part)} />
								{part === "work_examples" && <ul class="mt stack-s">{submission.evidence.map((e) => <li key={e.id}><Icon name={e.kind === "link" ? "link" : "file"} /> <bdi>{e.title}</bdi></li>)}</ul>}
							</details>
						);
					})}
					<Declared saver={saver} />
				</section>
				<section class="stack-s">
					<h2>{t("draft.confirm")}</h2>
					<Confirm saver={saver} group="personalInformation" id="said-care" label={t("draft.care")} error={errors["said-care"]} locked={locked} />
					<Confirm saver={saver} group="ownWork" id="said-own" label={t("draft.own")} error={errors["said-own"]} locked={locked} />
				</section>
				{problem !== null && <Failure title={t("draft.not_sent")} problem={problem}>{"errors" in problem && problem.errors.length > 0 &&
					<ul class="sm">{problem.errors.map((e) => <li dir="auto">{e.message}</li>)}</ul>}</Failure>}
			</div>
			<div class="send"><div>
				<p class="sm" id="submit-why">{blocks.length > 0 ? t("draft.submit_blocked", { n: blocks.length }) : promise.data === undefined ? t("draft.submit_how") :
					t("draft.submit_today", { day: dateOf(promise.data.dueDate), zone: zoneName(promise.data.timeZone) })}</p>
				{locked ? <a class="btn pri end" href={onwardOf(submission, locked) ?? "/work"}>{submission.state === "draft" ? t("draft.to_work") : t("draft.follow")}</a> :
					<Button kind="primary" end busy={sending && t("draft.sending")} aria-describedby="submit-why" onClick={submit}>{t("draft.submit")}</Button>}
			</div></div>
			<Toasts />
		</>
	);
}

function TextOf({ saver, field }: { saver: Saver; field: string }) {
	return <p class="theirs mt" dir="auto">{useField(saver, field)?.mine}</p>;
}

function Declared({ saver }: { saver: Saver }) {
	const together = readSaid<"collaboration">(useField(saver, saidField("collaboration"))?.mine ?? ""), ai = readSaid<"ai">(useField(saver, saidField("ai"))?.mine ?? "");

	return (
		<dl class="facts card pad">
			<div><dt>{t("draft.collaboration")}</dt><dd>{together === null ? t("draft.not_said") : together.collaborative ? t("draft.together") : t("draft.alone")}</dd></div>
			<div><dt>{t("draft.ai")}</dt><dd>{ai === null ? t("draft.not_said") : ai.used ? <>{t("draft.ai_yes")} <bdi>{[ai.tools, ai.purpose].filter(Boolean).join(": ")}</bdi></> : t("draft.ai_no")}</dd></div>
		</dl>
	);
}
