// The list of what was handed in, and the viewer of one thing of it.
import { useEffect, useRef, useState } from "preact/hooks";
import { size } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Note } from "../parts/tag";
import { fileOf, frameOf, type Evidence, type Item } from "./score_items";
import { Prose, useMarks } from "./score_text";
import type { Review } from "./score_rule";

export function EvidenceList({ items, at, seen, onGo }: { items: Item[]; at: string; seen: ReadonlySet<string>; onGo: (id: string) => void }) {
	const groups = [["written", t("score.written")], ["evidence", t("score.examples")], ["declared", t("score.declared")]] as const;

	return (
		<nav class="evnav" aria-label={t("score.handed_in")}>
			{groups.map(([group, title]) => items.some((i) => i.group === group) && (
				<>
					<h2>{title}</h2>
					<ul>{items.filter((i) => i.group === group).map((i) => (
						<li><a href={`#${i.id}`} aria-current={i.id === at ? "true" : undefined} onClick={(e) => {
							e.preventDefault();
							onGo(i.id);
						}}><Icon name={i.icon} /><span dir="auto">{i.title}</span>{seen.has(i.id) && i.id !== at && <span class="okc"><Icon name="check" size={15} /><span class="vh">{t("score.seen")}</span></span>}</a></li>
					))}</ul>
				</>
			))}
		</nav>
	);
}

/* The same in one line, where there is no room for a list. */
export function EvidenceSelect({ items, at, onGo }: { items: Item[]; at: string; onGo: (id: string) => void }) {
	return (
		<select class="evselect" aria-label={t("score.handed_in")} value={at} onChange={(e) => onGo(e.currentTarget.value)}>
			{items.map((i) => <option value={i.id}>{i.title}</option>)}
		</select>
	);
}

function Plain({ url }: { url: string }) {
	const [text, set] = useState<string | null | undefined>(undefined);

	useEffect(() => {
		const abort = new AbortController();

		fetch(url, { signal: abort.signal }).then((r) => (r.ok ? r.text() : null)).then(set, () => !abort.signal.aborted && set(null));
		return () => abort.abort();
	}, [url]);
	if (text === undefined)
		return <p class="skel" aria-busy="true"><span class="vh">{t("app.loading")}</span></p>;
	return text === null ? <p class="r">{t("score.not_loaded")}</p> : <pre dir="auto">{text}</pre>;
}

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

function Media({ url, isVideo, title }: { url: string; isVideo: boolean; title: string }) {
	const media = useRef<HTMLVideoElement>(null), [broken, setBroken] = useState(false), [speed, setSpeed] = useState(1);

	useEffect(() => {
		if (media.current !== null)
			media.current.playbackRate = speed;
	}, [speed]);
	const shared = { controls: true, preload: "metadata", src: url, "aria-label": title, onError: () => setBroken(true) } as const;

	return (
		<div class="stack-s media">
			{isVideo ? <video ref={media} {...shared} playsInline /> : <audio ref={media as never} {...shared} />}
			<p class="bar sm">
				<label for="speed">{t("score.speed")}</label>
				<select id="speed" value={speed} onChange={(e) => setSpeed(Number(e.currentTarget.value))}>{SPEEDS.map((s) => <option value={s}>{`${s}×`}</option>)}</select>
			</p>
			{broken && <p class="r" role="status">{t("score.no_media")}</p>}
		</div>
	);
}

function Piece({ review, item, evidence, zoom, onZoom }: { review: Review; item: Item; evidence: Evidence; zoom: boolean; onZoom: () => void }) {
	const url = fileOf(review, evidence);

	switch (item.look) {
	case "pdf":
		return navigator.pdfViewerEnabled ? <iframe src={`${frameOf(review, evidence)}#navpanes=0&view=FitH`} title={item.title} /> : <Elsewhere text={t("score.no_pdf")} url={url} />;
	case "picture":
		return (
			<div class={zoom ? "picture full" : "picture"} tabIndex={zoom ? 0 : undefined} role={zoom ? "group" : undefined} aria-label={zoom ? item.title : undefined}>
				<img src={url} alt={item.title} onClick={onZoom} />
			</div>
		);
	case "video":
	case "sound":
		return <Media key={item.id} url={url} isVideo={item.look === "video"} title={item.title} />;
	case "plain":
		return <article class="sheet"><Plain url={url} /></article>;
	case "link":
		return (
			<article class="sheet stack">
				<p>{t("score.link_how")}</p>
				{/^https?:\/\//i.test(evidence.url ?? "") ? <p><a class="btn" href={evidence.url} target="_blank" rel="noopener noreferrer nofollow"><Icon name="link" />{t("score.open_link")}</a></p> : null}
				<p class="xs soft" dir="ltr">{evidence.url}</p>
			</article>
		);
	default:
		return <Elsewhere text={t("score.no_view")} url={url} />;
	}
}

function Elsewhere({ text, url }: { text: string; url: string }) {
	return <article class="sheet stack"><p>{text}</p><p><a class="btn" href={url} download><Icon name="download" />{t("score.download")}</a></p></article>;
}

function Fact({ title, text }: { title: string; text: string | undefined }) {
	return (text ?? "") === "" ? null : <><h3>{title}</h3><Prose text={text ?? ""} /></>;
}

function Declared({ review, look }: { review: Review; look: "collaboration" | "ai" }) {
	const c = review.declarations?.collaboration, ai = review.declarations?.ai;

	if (look === "collaboration")
		return (
			<>
				<p class="soft sm">{{ individual: t("score.policy_individual"), allowed: t("score.policy_allowed"), allowed_shared_artifacts: t("score.policy_shared") }[review.microCredential?.collaborationPolicy ?? "individual"]}</p>
				<p>{c?.collaborative === true ? t("score.worked_together") : t("score.worked_alone")}</p>
				{c?.collaborative === true && <ul>{(c.partners ?? []).map((p) => <li><bdi>{p.name}</bdi>{(p.task ?? "") !== "" && <>: <bdi>{p.task}</bdi></>}</li>)}</ul>}
				<Fact title={t("score.rationale")} text={c?.rationale} />
				<Fact title={t("score.delegation")} text={c?.delegation} />
			</>
		);
	return (
		<>
			<p class="soft sm">{{ prohibited: t("score.policy_ai_no"), disclosed_assist: t("score.policy_ai_assist"), disclosed_open: t("score.policy_ai_open") }[review.microCredential?.aiPolicy ?? "prohibited"]}</p>
			<p>{ai?.used === true ? t("score.said_ai") : t("score.said_no_ai")}</p>
			<Fact title={t("score.ai_tools")} text={ai?.tools} />
			<Fact title={t("score.ai_purpose")} text={ai?.purpose} />
			<Fact title={t("score.ai_how")} text={ai?.how} />
			<Fact title={t("score.ai_changed")} text={ai?.changed} />
		</>
	);
}

export function Viewer({ review, item, step, quotes, zoom, onZoom, onQuote, canQuote, children }: {
	review: Review; item: Item; step: (by: number) => void; quotes: string[]; zoom: boolean; onZoom: () => void; onQuote: () => void; canQuote: boolean;
	children: preact.ComponentChildren; // how to go elsewhere, where the list has no room
}) {
	const marked = useMarks(quotes, item.id), e = item.evidence, box = useRef<HTMLElement>(null);
	const words = item.part !== undefined ? t("score.words", { n: item.part.words }) : e?.size !== undefined && e.size > 0 ? size(e.size) : "";

	useEffect(() => box.current?.scrollTo(0, 0), [item.id]);
	return (
		<section class="view" id="evidence" aria-label={t("score.viewer", { title: item.title })} tabIndex={0} ref={box}>
			<div class="viewbar">
				{children}<h2 dir="auto">{item.title}</h2><span class="soft xs nw size">{words}</span>
				<span class="end bar">
					{item.look === "picture" && <Button small kind="quiet" onClick={onZoom} aria-pressed={zoom}>{zoom ? t("score.fit") : t("score.zoom")} <kbd aria-hidden="true">Z</kbd></Button>}
					{e !== undefined && e.kind !== "link" && <a class="btn s q" href={fileOf(review, e)} download aria-label={t("score.download_it", { title: item.title })}><Icon name="download" size={16} /></a>}
					<Button small kind="quiet" aria-label={t("score.before")} onClick={() => step(-1)}><Icon name="back" size={16} flip /></Button>
					<Button small kind="quiet" aria-label={t("score.after")} onClick={() => step(1)}><Icon name="next" size={16} flip /></Button>
					{canQuote && <Button small onClick={onQuote} onMouseDown={(m) => m.preventDefault()}><Icon name="quote" size={16} />{t("score.quote")} <kbd aria-hidden="true">Q</kbd></Button>}
				</span>
			</div>
			{e !== undefined && e.state === "problem" && <Note tone="warn" icon="warn" role="status">{e.problems.map((p) => <p dir="auto">{p.message}</p>)}</Note>}
			{e !== undefined ? <Piece review={review} item={item} evidence={e} zoom={zoom} onZoom={onZoom} /> : (
				<article class="sheet" ref={marked}>
					{item.part !== undefined ? <Prose text={item.part.text} /> : <Declared review={review} look={item.look as "collaboration" | "ai"} />}
				</article>
			)}
		</section>
	);
}
