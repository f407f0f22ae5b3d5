// Part 2: what is asked for as evidence, what is there, and how it looks to an assessor.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, ask, body, newKey, PREFIX, type Schemas } from "../lib/api";
import { listen } from "../lib/events";
import { number, size } from "../lib/time";
import { Uploads, type Upload } from "../lib/upload";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { ErrorText, Field } from "../parts/field";
import { Icon, type IconName } from "../parts/icon";
import { sentenceOf } from "../parts/state";
import { Tag } from "../parts/tag";
import { toast } from "../parts/toast";
import { Theirs } from "./draft_rubric";
import { problemWords } from "./evidence_words";
import { readDraft, type Evidence, type MicroCredential, type Submission } from "./draft_record";

type Need = MicroCredential["evidenceRequirements"][0];

const UNDO_MS = 10_000, LOOK_FIRST_MS = 800, LOOK_LONGEST_MS = 8_000, VIDEO_LINK_BYTES = 200_000_000;

function iconOf(type: string, isLink: boolean): IconName {
	if (isLink)
		return "link";
	return type.startsWith("image/") ? "picture" : type.startsWith("video/") ? "video" : type.startsWith("audio/") ? "sound" : "file";
}

/* A title that tells an assessor something: the file's name, unless a camera or a program gave it. */
export function suggestTitle(name: string, need: string | undefined, n: number): string {
	const words = name.replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/[_\s]+/g, " ").replace(/^\d+[-. ]+/, "").replace(/-+/g, " ").trim();
	const isMachine = /^(img|image|dsc\w?|pxl|mvi|mov|vid|gopr|photo|video|screenshot|scan|document|doc|untitled|file|upload|whatsapp \w+)?[\s\d()._:-]*$/i.test(words);

	if (!isMachine && words !== "")
		return words.charAt(0).toUpperCase() + words.slice(1);
	return need !== undefined ? `${need}, ${n}` : words || name;
}

interface Props {
	submission: Submission;
	micro: MicroCredential | undefined;
	locked: boolean;
	onChange: (change: (s: Submission) => Submission) => void;
	onSettled: () => void; // what the checks say may be another
	errors: { [id: string]: string };
}

/* While something is being looked at, the draft is asked for again; later and later. */
function useLooking({ submission, onChange, onSettled }: Props): void {
	const checking = submission.evidence.some((e) => e.state === "checking");

	useEffect(() => {
		if (!checking)
			return undefined;
		let wait = LOOK_FIRST_MS, timer = setTimeout(look, wait), over = false;

		async function look(): Promise<void> {
			const result = await readDraft(submission.id);

			if (over)
				return;
			if (result.ok) {
				onChange((s) => ({ ...s, evidence: result.data.evidence }));
				if (!result.data.evidence.some((e) => e.state === "checking"))
					onSettled();
			}
			wait = Math.min(wait * 1.5, LOOK_LONGEST_MS);
			timer = setTimeout(look, wait);
		}
		const unlisten = listen(() => void look());

		return () => {
			over = true;
			clearTimeout(timer);
			unlisten();
		};
	}, [checking, submission.id]);
}

function Problems({ evidence }: { evidence: Evidence }) {
	const bad = evidence.state === "problem";

	return <>{evidence.problems.map(problemWords).map(({ text, lang }) => <p class={bad ? "r" : undefined} dir="auto" lang={lang}>{bad ? <strong>{text}</strong> : text}</p>)}</>;
}

function Row({ evidence, submission, locked, onChange, onSettled, onRemove }: Pick<Props, "submission" | "locked" | "onChange" | "onSettled"> & {
	evidence: Evidence; onRemove: (e: Evidence) => void;
}) {
	const [busy, setBusy] = useState(false);
	const link = evidence.kind === "link";
	const recheck = async () => {
		setBusy(true);
		const result = await ask(api.POST("/submissions/{id}/evidence/{evidenceId}/check", {
			params: { path: { id: submission.id, evidenceId: evidence.id } },
			body: body<Schemas["EvidenceAgain"]>({}) }));

		setBusy(false);
		if (result.ok)
			onChange((s) => ({ ...s, evidence: s.evidence.map((e) => (e.id === evidence.id ? result.data : e)) }));
		else
			toast(sentenceOf(result.problem));
		onSettled();
	};
	const state = evidence.state === "checking" ? <Tag icon="clock">{t("draft.checking")}</Tag> :
		evidence.state === "problem" ? <Tag tone="bad" icon="error">{t("draft.fix")}</Tag> :
		evidence.problems.length > 0 ? <Tag tone="warn" icon="warn">{t("draft.worth_a_look")}</Tag> : <Tag tone="ok" icon="check">{t("draft.ready")}</Tag>;

	return (
		<li class="ev" id={`evidence-${evidence.id}`} tabIndex={-1} aria-busy={evidence.state === "checking" ? "true" : undefined}>
			<Icon name={iconOf(evidence.mediaType ?? "", link)} size={20} />
			<div>
				<h4><bdi>{evidence.title}</bdi></h4>
				<p class="what">{link ? <a href={evidence.url} target="_blank" rel="noopener noreferrer" dir="ltr">{evidence.url?.replace(/^https?:\/\//, "")}</a> :
					<><a href={`${PREFIX}/submissions/${submission.id}/evidence/${evidence.id}/file`} download><bdi>{evidence.fileName}</bdi></a>{evidence.size !== undefined && `, ${size(evidence.size)}`}</>}</p>
				<Problems evidence={evidence} />
				{!locked && (
					<p class="bar acts">
						{(evidence.state === "problem" || (link && evidence.problems.length > 0)) &&
							<Button small busy={busy && t("draft.checking")} onClick={recheck}>{t("draft.check_again")}</Button>}
						<LinkButton class="sm" aria-label={t("draft.remove_title", { title: evidence.title })} onClick={() => onRemove(evidence)}>{t("draft.remove")}</LinkButton>
					</p>
				)}
			</div>
			{state}
		</li>
	);
}

/* A file that was chosen: its title first, then the way it has gone. */
function UploadRow({ upload, uploads, needs }: { upload: Upload; uploads: Uploads; needs: Need[] }) {
	const id = `up-${upload.id}`, { file, sent } = upload;

	return (
		<li class="ev">
			<Icon name={iconOf(file.type, false)} size={20} />
			<div class="stack-s">
				<h4><bdi>{file.name}</bdi></h4>
				{upload.state === "chosen" && (
					<>
						<Field id={`${id}-title`} label={t("draft.evidence_title")} hint={t("draft.evidence_title_hint")}>
							<input value={upload.title} maxLength={200} dir="auto" onInput={(e) => uploads.change(upload.id, { title: e.currentTarget.value })} />
						</Field>
						{needs.length > 1 && <NeedPick id={`${id}-need`} needs={needs} value={upload.requirementId}
							onPick={(requirementId) => uploads.change(upload.id, { requirementId })} />}
						{file.type.startsWith("video/") && file.size > VIDEO_LINK_BYTES && <p class="sm">{t("draft.video_link")}</p>}
					</>
				)}
				{upload.state === "waiting" && <p id={`${id}-how`}>{upload.problem !== null ? t("draft.upload_waits") : t("draft.upload_waiting")}</p>}
				{upload.state === "sending" && (
					<>
						<p id={`${id}-how`}>{sent >= file.size ? t("draft.upload_last") : t("draft.upload_sent", { sent: size(sent), size: size(file.size) })}</p>
						<progress value={sent} max={Math.max(1, file.size)} aria-labelledby={`${id}-how`} />
					</>
				)}
				{upload.state === "failed" && upload.problem !== null && <ErrorText id={`${id}-error`} text={refusalOf(upload)} />}
			</div>
			<div class="acts">
				{upload.state === "failed" && <Button small onClick={() => uploads.again(upload.id)}>{t("app.again")}</Button>}
				<Button small kind="quiet" aria-label={t("draft.upload_drop", { name: file.name })} onClick={() => uploads.drop(upload.id)}>{t("app.cancel")}</Button>
			</div>
		</li>
	);
}

function refusalOf({ problem, file }: Upload): string {
	if (problem === null)
		return "";
	if (problem.kind === "too_large")
		return t("draft.upload_large", { size: size(file.size) });
	return "errors" in problem && problem.errors[0] !== undefined ? problem.errors[0].message : sentenceOf(problem);
}

function NeedPick({ id, needs, value, onPick }: { id: string; needs: Need[]; value: string; onPick: (id: string) => void }) {
	return (
		<Field id={id} label={t("draft.belongs_to")}>
			<select value={value} onChange={(e) => onPick(e.currentTarget.value)}>
				{needs.map((n) => <option value={n.id} dir="auto">{n.title}</option>)}
				<option value="">{t("draft.belongs_to_none")}</option>
			</select>
		</Field>
	);
}

/* A requirement that lacks something comes first. */
function lacking(needs: Need[], submission: Submission, also: Upload[]): Need | undefined {
	const n = (need: Need) => submission.evidence.filter((e) => e.requirementId === need.id).length +
		also.filter((u) => u.requirementId === need.id).length;

	return needs.find((need) => n(need) < (need.min ?? 0)) ?? needs.find((need) => (need.max ?? 0) === 0 || n(need) < (need.max ?? 0)) ?? needs[0];
}

function LinkDialog({ open, onClose, needs, first, submission, onAdded }: {
	open: boolean; onClose: () => void; needs: Need[]; first: string; submission: Submission; onAdded: (e: Evidence) => void;
}) {
	const [url, setUrl] = useState(""), [title, setTitle] = useState(""), [need, setNeed] = useState(first);
	const [errors, setErrors] = useState<{ [field: string]: string }>({}), [busy, setBusy] = useState(false), key = useRef(newKey());

	useEffect(() => {
		if (open)
			setNeed(first);
	}, [open]);
	const add = async (e: Event) => {
		const full = /^[a-z]+:\/\//i.test(url.trim()) || url.trim() === "" ? url.trim() : `https://${url.trim()}`, wrong: typeof errors = {};

		e.preventDefault();
		if (full === "" || !URL.canParse(full))
			wrong["url"] = t("draft.link_needed");
		if (title.trim() === "")
			wrong["title"] = t("draft.title_needed");
		setErrors(wrong);
		if (Object.keys(wrong).length > 0) {
			document.getElementById(`link-${Object.keys(wrong)[0]}`)?.focus();
			return;
		}
		setBusy(true);
		const result = await ask(api.POST("/submissions/{id}/evidence", {
			params: { path: { id: submission.id } }, headers: { "Idempotency-Key": key.current },
			body: body<Schemas["NewEvidence"]>({ url: full, title: title.trim(), ...(need !== "" ? { requirementId: need } : {}) }) }));

		setBusy(false);
		if (!result.ok) {
			const p = result.problem;

			setErrors("errors" in p && p.errors.length > 0 ? Object.fromEntries(p.errors.map((x) => [x.field, x.message])) : { url: sentenceOf(p) });
			if (p.kind !== "unreached" && p.kind !== "busy")
				key.current = newKey();
			return;
		}
		key.current = newKey();
		setUrl("");
		setTitle("");
		onAdded(result.data);
		onClose();
	};

	return (
		<Dialog title={t("draft.add_link")} open={open} onClose={onClose}>
			<form class="stack" onSubmit={add} noValidate>
				<Field id="link-url" label={t("draft.link_url")} hint={t("draft.link_hint")} error={errors["url"]}>
					<input type="url" value={url} inputMode="url" dir="ltr" maxLength={2000} autocomplete="off" onInput={(e) => setUrl(e.currentTarget.value)} />
				</Field>
				<Field id="link-title" label={t("draft.evidence_title")} hint={t("draft.evidence_title_hint")} error={errors["title"]}>
					<input value={title} maxLength={200} dir="auto" autocomplete="off" onInput={(e) => setTitle(e.currentTarget.value)} />
				</Field>
				{needs.length > 1 && <NeedPick id="link-need" needs={needs} value={need} onPick={setNeed} />}
				<p class="bar"><Button type="submit" kind="primary" busy={busy && t("draft.adding")}>{t("draft.add_link")}</Button>
					<Button kind="quiet" onClick={onClose}>{t("app.cancel")}</Button></p>
			</form>
		</Dialog>
	);
}

export function EvidenceList(props: Props) {
	const { submission, micro, locked, onChange, onSettled, errors } = props, needs = micro?.evidenceRequirements ?? [];
	const [, draw] = useState(0), [linking, setLinking] = useState(false), [over, setOver] = useState(false), [gone, setGone] = useState<string[]>([]);
	const picker = useRef<HTMLInputElement>(null), removals = useRef(new Map<string, ReturnType<typeof setTimeout>>());
	const added = (e: Evidence) => {
		onChange((s) => ({ ...s, evidence: [...s.evidence.filter((x) => x.id !== e.id), e] }));
		onSettled();
	};
	const uploads = useMemo(() => new Uploads(`/submissions/${submission.id}/evidence`, added, () => draw((n) => n + 1)), [submission.id]);

	useLooking(props);
	// Only while bytes are on their way, or chosen and not sent: they are not kept on this device.
	useEffect(() => {
		const ask = (e: BeforeUnloadEvent) => uploads.list.length > 0 && e.preventDefault();
		const now = () => [...removals.current.keys()].forEach((id) => remove(id, true));

		addEventListener("beforeunload", ask);
		addEventListener("pagehide", now);
		return () => {
			removeEventListener("beforeunload", ask);
			removeEventListener("pagehide", now);
		};
	}, [uploads]);

	const choose = (files: Iterable<File>) => {
		const list = [...files];

		for (const file of list) {
			const need = lacking(needs, submission, uploads.list);

			uploads.choose(file, suggestTitle(file.name, need?.title, submission.evidence.length + uploads.list.length + 1), need?.id ?? "");
		}
		// The first title to look at.
		setTimeout(() => document.getElementById(`up-${uploads.list.find((u) => u.state === "chosen")?.id}-title`)?.focus(), 0);
	};
	const remove = (id: string, keepalive: boolean) => {
		clearTimeout(removals.current.get(id));
		removals.current.delete(id);
		void ask(api.DELETE("/submissions/{id}/evidence/{evidenceId}", { params: { path: { id: submission.id, evidenceId: id } }, keepalive })).then((result) => {
			setGone((list) => list.filter((x) => x !== id));
			if (result.ok || result.problem.kind === "not_found")
				onChange((s) => ({ ...s, evidence: s.evidence.filter((e) => e.id !== id) }));
			else
				toast(sentenceOf(result.problem));
			onSettled();
		});
	};
	const removeLater = (e: Evidence) => {
		setGone((list) => [...list, e.id]);
		removals.current.set(e.id, setTimeout(() => remove(e.id, false), UNDO_MS));
		toast(t("draft.removed", { title: e.title }), { label: t("app.undo"), run: () => {
			clearTimeout(removals.current.get(e.id));
			removals.current.delete(e.id);
			setGone((list) => list.filter((x) => x !== e.id));
		} });
	};
	const chosen = uploads.list.filter((u) => u.state === "chosen");
	const there = submission.evidence.filter((e) => !gone.includes(e.id));
	const drop = (e: DragEvent) => {
		e.preventDefault();
		setOver(false);
		if (!locked && e.dataTransfer !== null)
			choose(e.dataTransfer.files);
	};

	return (
		<div class="stack" id="evidence">
			<h3>{t("draft.evidence")}</h3>
			<p class="soft">{t("draft.evidence_how")}</p>
			{[...needs, null].map((need) => {
				const rows = there.filter((e) => (need === null ? !needs.some((n) => n.id === e.requirementId) : e.requirementId === need.id));

				if (need === null && rows.length === 0)
					return null;
				return (
					<section class="need" id={`need-${need?.id ?? "none"}`} tabIndex={-1} key={need?.id ?? "none"}>
						<header class="bar">
							<h4 class="nh" dir="auto">{need?.title ?? t("draft.belongs_to_none")}</h4>
							{need !== null && <NeedState need={need} n={rows.length} />}
						</header>
						<Theirs text={need?.description} class="hint" />
						{need !== null && (need.accepts?.length ?? 0) > 0 && <p class="hint">{t("draft.accepts", { types: (need.accepts ?? []).map((a) => a.toUpperCase()).join(", ") })}</p>}
						{errors[`need-${need?.id}`] !== undefined && <ErrorText id={`need-${need?.id}-error`} text={errors[`need-${need?.id}`] ?? ""} />}
						{rows.length > 0 && <ul class="card mt2">{rows.map((e) => (
							<Row key={e.id} evidence={e} submission={submission} locked={locked} onChange={onChange} onSettled={onSettled} onRemove={removeLater} />
						))}</ul>}
					</section>
				);
			})}
			{uploads.list.length > 0 && <ul class="card">{uploads.list.map((u) => <UploadRow key={u.id} upload={u} uploads={uploads} needs={needs} />)}</ul>}
			{chosen.length > 0 && <p class="bar"><Button onClick={() => uploads.sendAll()}>{t("draft.upload", { n: chosen.length })}</Button></p>}
			{!locked && (
				<div class={over ? "drop over" : "drop"} onDragOver={(e) => {
					e.preventDefault();
					setOver(true);
				}} onDragLeave={() => setOver(false)} onDrop={drop}>
					<Icon name="upload" size={22} />
					<p class="bar"><span class="wide-only">{t("draft.drop")}</span>
						<Button small onClick={() => picker.current?.click()}>{t("draft.choose_files")}</Button>
						<Button small onClick={() => setLinking(true)}>{t("draft.add_link")}</Button></p>
					<p class="sm">{t("draft.drop_hint")}</p>
					<input type="file" multiple ref={picker} hidden aria-label={t("draft.choose_files")} onChange={(e) => {
						choose(e.currentTarget.files ?? []);
						e.currentTarget.value = "";
					}} />
				</div>
			)}
			<LinkDialog open={linking} onClose={() => setLinking(false)} needs={needs} submission={submission} onAdded={added}
				first={lacking(needs, submission, uploads.list)?.id ?? ""} />
		</div>
	);
}

function NeedState({ need, n }: { need: Need; n: number }) {
	const min = need.min ?? 0, max = need.max ?? 0;

	if (n < min)
		return <Tag>{t("draft.need_more", { n: number(n), min: number(min) })}</Tag>;
	if (max > 0 && n > max)
		return <Tag tone="bad" icon="error">{t("draft.need_less", { n: number(n), max: number(max) })}</Tag>;
	return min > 0 ? <Tag tone="ok" icon="check">{t("draft.need_met")}</Tag> : <Tag>{t("draft.optional")}</Tag>;
}
