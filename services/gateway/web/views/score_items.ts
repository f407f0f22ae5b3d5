// What there is to look at in a review: texts, pieces of evidence, declarations.
import { PREFIX } from "../lib/api";
import { t } from "../lib/words";
import type { IconName } from "../parts/icon";
import type { Schemas } from "../lib/api";
import type { Review } from "./score_rule";

export type Evidence = Schemas["Evidence"];
export type Look = "text" | "pdf" | "picture" | "video" | "sound" | "plain" | "link" | "file" | "collaboration" | "ai";

export interface Item {
	id: string; // stands behind "#"
	group: "written" | "evidence" | "declared";
	title: string;
	look: Look;
	icon: IconName;
	evidence?: Evidence;
	part?: Schemas["ReviewPart"];
}

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/* How a file is shown: only what browsers show without running anything of it. */
function lookOf(e: Evidence): Look {
	const type = e.mediaType ?? "";

	if (e.kind === "link")
		return "link";
	if (type === "application/pdf")
		return "pdf";
	if (PICTURES.includes(type))
		return "picture";
	if (type === "text/plain")
		return "plain";
	return type.startsWith("video/") ? "video" : type.startsWith("audio/") ? "sound" : "file";
}

const icons: { [L in Look]: IconName } = {
	text: "book", pdf: "file", picture: "picture", video: "video", sound: "sound", plain: "file", link: "link", file: "file", collaboration: "people", ai: "info",
};

export function itemsOf(review: Review): Item[] {
	const order = (review.rubric?.parts ?? []).map((p) => p.part);
	const written = review.parts.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key)).map((part): Item => ({ id: `part-${part.key}`, group: "written", title: part.title, look: "text", icon: "book", part }));
	const evidence = review.evidence.map((e): Item => {
		const look = lookOf(e);

		return { id: `evidence-${e.id}`, group: "evidence", title: e.title !== "" ? e.title : e.fileName ?? e.url ?? e.id, look, icon: icons[look], evidence: e };
	});
	const collaboration = review.declarations?.collaboration, ai = review.declarations?.ai;

	return [...written, ...evidence,
		{ id: "declared-collaboration", group: "declared", look: "collaboration", icon: "people",
			title: collaboration?.collaborative === true ? t("score.together", { n: collaboration.partners?.length ?? 0 }) : t("score.alone") },
		{ id: "declared-ai", group: "declared", look: "ai", icon: "info", title: ai?.used === true ? t("score.ai_used") : t("score.ai_none") }];
}

/* The file as a page shows it; and as it is kept. */
export const frameOf = (review: Review, e: Evidence): string => `/queue/${review.id}/evidence/${e.id}`;
export const fileOf = (review: Review, e: Evidence): string => `${PREFIX}/reviews/${review.id}/evidence/${e.id}/file`;
