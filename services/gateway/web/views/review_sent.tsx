// What was handed in, as the assessor reads it.
import { PREFIX } from "../lib/api";
import { size } from "../lib/time";
import { t } from "../lib/words";
import { Icon } from "../parts/icon";
import { isOpen, type Submission } from "./work_record";

type Evidence = Submission["evidence"][number];

function EvidenceRow({ s, e }: { s: Submission; e: Evidence }) {
	const about = [e.fileName, e.size !== undefined && e.size > 0 ? size(e.size) : ""].filter(Boolean).join(" · ");

	return (
		<li class="ev">
			<Icon name={e.kind === "link" ? "link" : "file"} size={20} />
			<div><strong dir="auto">{e.title}</strong>{(about !== "" || e.url !== undefined) && <p class="xs"><bdi>{e.url ?? about}</bdi></p>}</div>
			{e.kind === "link" ? e.url !== undefined && <a class="btn s" href={e.url} target="_blank" rel="noopener noreferrer nofollow">{t("review.visit")}<span class="vh">: {e.title}</span></a> :
				<a class="btn s" href={`${PREFIX}/submissions/${s.id}/evidence/${e.id}/file`} download>{t("review.get")}<span class="vh">: {e.title}</span></a>}
		</li>
	);
}

function Declared({ s }: { s: Submission }) {
	const said = s.declarations;

	if (said === undefined)
		return null;
	return (
		<dl class="facts card pad sm">
			<div><dt>{t("review.together")}</dt><dd>{said.collaboration?.collaborative === true ? <>{t("review.with")} <bdi>{said.collaboration.rationale}</bdi></> : t("review.alone")}</dd></div>
			<div><dt>{t("review.ai")}</dt><dd>{said.ai?.used === true ? <>{t("review.ai_yes")} <bdi>{[said.ai.tools, said.ai.purpose].filter(Boolean).join(": ")}</bdi></> : t("review.ai_no")}</dd></div>
		</dl>
	);
}

export function Sent({ s }: { s: Submission }) {
	return (
		<section id="sent" class="stack" aria-labelledby="sent-title">
			<div class="stack-s">
				<h2 id="sent-title">{t("review.sent")}</h2>
				{isOpen(s) && <p class="sm soft">{t("review.sent_note")}</p>}
			</div>
			{s.parts.map((part) => (
				<details class="card pad" key={part.key}>
					<summary><strong dir="auto">{part.title}</strong> <span class="sm soft">{t("review.words", { n: part.words ?? 0 })}</span></summary>
					<p class="theirs mt prose" dir="auto">{part.text}</p>
				</details>
			))}
			<div class="stack-s">
				<h3>{t("review.evidence")}</h3>
				{s.evidence.length === 0 ? <p class="sm soft">{t("review.no_evidence")}</p> : <ul class="card">{s.evidence.map((e) => <EvidenceRow key={e.id} s={s} e={e} />)}</ul>}
			</div>
			<div class="stack-s"><h3>{t("review.said")}</h3><Declared s={s} /></div>
		</section>
	);
}
