// "/account/notifications": what is sent where. Each switch is saved at once; what must not be missed has none.
import { useRef, useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import type { Problem } from "../lib/problem";
import { t, type Word } from "../lib/words";
import { Icon } from "../parts/icon";
import { sentenceOf } from "../parts/state";
import { Note, Tag } from "../parts/tag";
import { AccountFrame } from "./account_frame";

type Preference = Schemas["Preference"];
export type PreferencesBoot = Boot<Schemas["Preferences"]>;

interface Kind {
	word: Word;
	note?: Word;
	desk?: boolean; // for who assesses
}

const kinds: { [kind: string]: Kind } = {
	submission_received: { word: "settings.k_submission_received", note: "settings.k_submission_received_note" },
	submission_in_review: { word: "settings.k_submission_in_review" },
	decision: { word: "settings.k_decision" },
	result_late: { word: "settings.k_result_late", note: "settings.k_result_late_note" },
	credential_issued: { word: "settings.k_credential_issued" },
	submission_withdrawn: { word: "settings.k_submission_withdrawn" },
	ticket_answered: { word: "settings.k_ticket_answered" },
	pool_submission: { word: "settings.k_pool_submission", desk: true },
	review_due: { word: "settings.k_review_due", desk: true },
	review_overdue: { word: "settings.k_review_overdue", desk: true },
	review_escalated: { word: "settings.k_review_escalated", desk: true },
};
const DESKS = ["assessor", "assessor_trainee", "pool_lead", "ops", "platform_admin"];

type Where = "mail" | "inbox";

function Switch({ p, where, event, onChange }: { p: Preference; where: Where; event: string; onChange: (on: boolean) => void }) {
	const name = where === "mail" ? t("settings.by_mail") : t("settings.by_inbox");

	if (p.required === true)
		return <td data-l={name}><Tag tone="ok" icon="lock">{t("settings.always")}</Tag></td>;
	return <td data-l={name}><label class="pick"><input type="checkbox" checked={p[where] === true} onChange={(e) => onChange(e.currentTarget.checked)} aria-label={t("settings.switch", { event, where: name })} /></label></td>;
}

function Matrix({ title, rows, onChange }: { title: string; rows: Preference[]; onChange: (kind: string, where: Where, on: boolean) => void }) {
	if (rows.length === 0)
		return null;
	return (
		<section class="stack-s">
			<h2>{title}</h2>
			<div class="card"><table class="tbl fold matrix">
				<caption class="vh">{title}</caption>
				<thead><tr><th scope="col">{t("settings.event")}</th><th scope="col">{t("settings.by_mail")}</th><th scope="col">{t("settings.by_inbox")}</th></tr></thead>
				<tbody>{rows.map((p) => {
					const kind = kinds[p.kind], event = kind !== undefined ? t(kind.word) : p.kind;

					return (
						<tr key={p.kind}>
							<th scope="row">{event}{kind?.note !== undefined && <small>{t(kind.note)}</small>}</th>
							<Switch p={p} where="mail" event={event} onChange={(on) => onChange(p.kind, "mail", on)} />
							<Switch p={p} where="inbox" event={event} onChange={(on) => onChange(p.kind, "inbox", on)} />
						</tr>
					);
				})}</tbody>
			</table></div>
		</section>
	);
}

export function Preferences({ boot }: { boot: PreferencesBoot }) {
	const [rows, setRows] = useState(boot.data.items ?? []), [problem, setProblem] = useState<Problem | null>(null), [state, setState] = useState<"" | "saving" | "saved">("");
	const last = useRef(rows), line = useRef(Promise.resolve()), waiting = useRef(0), isDesk = boot.me?.roles.some((r) => DESKS.includes(r.role)) === true;
	const order = Object.keys(kinds), known = rows.filter((p) => kinds[p.kind] !== undefined).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));

	// One after the other, each with all that is chosen by then: a late answer overwrites nothing.
	const change = (kind: string, where: Where, on: boolean) => {
		const before = last.current.find((p) => p.kind === kind)?.[where] === true;
		const put = (value: boolean) => {
			last.current = last.current.map((p) => (p.kind === kind ? { ...p, [where]: value } : p));
			setRows(last.current);
		};

		put(on);
		setState("saving");
		setProblem(null);
		waiting.current++;
		line.current = line.current.then(async () => {
			const done = await ask(api.PUT("/notification-preferences", { body: { items: last.current.filter((p) => p.required !== true) } }));

			waiting.current--;
			if (!done.ok) {
				put(before);
				setProblem(done.problem);
			}
			if (waiting.current === 0)
				setState(done.ok ? "saved" : "");
		});
	};

	return (
		<AccountFrame here="notifications">
			<div class="bar">
				<p class="soft">{t("settings.sent_where_note")}</p>
				<p class="end saved" role="status">{state === "saving" ? t("settings.saving") : state === "saved" && <><Icon name="check" />{t("settings.saved")}</>}</p>
			</div>
			{problem !== null && <Note tone="bad" icon="error" role="alert"><strong>{t("settings.not_saved")}</strong> {sentenceOf(problem)}</Note>}
			<Matrix title={t("settings.for_you")} rows={known.filter((p) => kinds[p.kind]?.desk !== true)} onChange={change} />
			{isDesk && <Matrix title={t("settings.for_assessors")} rows={known.filter((p) => kinds[p.kind]?.desk === true)} onChange={change} />}
		</AccountFrame>
	);
}
