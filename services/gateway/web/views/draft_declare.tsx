// What an earner declares: with whom (POL-2), with which help of AI (POL-6), and
// before handing in that others are protected and the work is theirs (POL-8).
import type { ComponentChildren } from "preact";
import type { Saver } from "../lib/saver";
import { t } from "../lib/words";
import { LinkButton } from "../parts/button";
import { ErrorText } from "../parts/field";
import { useField } from "../parts/save_state";
import { Note } from "../parts/tag";
import { Theirs } from "./draft_rubric";
import { readSaid, saidField, type Group, type MicroCredential, type Said } from "./draft_record";

const PARTNERS_MAX = 10;

interface Props {
	saver: Saver;
	micro: MicroCredential | undefined;
	locked: boolean;
	errors: { [id: string]: string }; // shown after somebody asked for the checks
}

/* What is declared in GROUP, and how to change it. */
function useSaid<G extends Group>(saver: Saver, group: G): [Said[G] | null, (change: Partial<Said[G]>, empty: Said[G]) => void] {
	const field = saidField(group), said = readSaid<G>(useField(saver, field)?.mine ?? "");

	return [said, (change, empty) => saver.edit(field, JSON.stringify({ ...(said ?? empty), ...change }))];
}

function Choice({ name, label, checked, locked, disabledBy, onPick, id }: {
	name: string; label: ComponentChildren; checked: boolean; locked: boolean; disabledBy?: string | undefined; onPick: () => void; id?: string;
}) {
	return (
		<label class="check">
			<input type="radio" name={name} id={id} checked={checked} aria-disabled={locked || disabledBy !== undefined ? "true" : undefined}
				aria-describedby={disabledBy} onChange={(e) => {
					if (locked || disabledBy !== undefined)
						e.currentTarget.checked = checked;
					else
						onPick();
				}} />
			<span>{label}</span>
		</label>
	);
}

function Box({ id, label, hint, value, error, locked, rows = 2, onInput, onLeave }: {
	id: string; label: string; hint?: string; value: string; error?: string | undefined; locked: boolean; rows?: number;
	onInput: (text: string) => void; onLeave: () => void;
}) {
	return (
		<div class={error !== undefined ? "field err" : "field"}>
			<label for={id}>{label}</label>
			{hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
			{error !== undefined && <ErrorText id={`${id}-error`} text={error} />}
			<textarea id={id} rows={rows} dir="auto" value={value} readOnly={locked} aria-invalid={error !== undefined ? "true" : undefined}
				aria-describedby={[error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(" ") || undefined}
				onInput={(e) => onInput(e.currentTarget.value)} onBlur={onLeave} />
		</div>
	);
}

export function Collaboration({ saver, micro, locked, errors }: Props) {
	const [said, change] = useSaid(saver, "collaboration");
	const empty: Said["collaboration"] = { collaborative: false, partners: [], rationale: "", delegation: "" };
	const individual = micro?.collaborationPolicy === "individual", set = (c: Partial<Said["collaboration"]>) => change(c, empty);
	const partners = said?.partners.length === 0 || said === null ? [{ name: "", email: "", task: "" }] : said.partners;
	const partner = (i: number, c: Partial<(typeof partners)[0]>) => set({ partners: partners.map((p, k) => (k === i ? { ...p, ...c } : p)) });
	const refused = saver.machine.fields[saidField("collaboration")]?.refused ?? undefined;
	const error = refused ?? errors["said-collaboration"] ?? errors["said-collaboration-collaborative"];

	return (
		<fieldset id="said-collaboration" tabIndex={-1}>
			<legend class="label">{t("draft.collaboration")}</legend>
			{micro !== undefined && (individual || !micro.collaborationNote) && <p class="hint" id="policy-collaboration">{
				individual ? t("draft.policy_individual") : micro.collaborationPolicy === "allowed" ? t("draft.policy_allowed") : t("draft.policy_shared")}</p>}
			<Theirs text={micro?.collaborationNote} class="hint" />
			{error !== undefined && <ErrorText id="said-collaboration-error" text={error} />}
			<Choice name="collaboration" label={t("draft.alone")} checked={said?.collaborative === false} locked={locked}
				onPick={() => set({ collaborative: false })} />
			<Choice name="collaboration" id="said-collaboration-collaborative" label={t("draft.together")} checked={said?.collaborative === true} locked={locked}
				disabledBy={individual ? "policy-collaboration" : undefined} onPick={() => set({ collaborative: true })} />
			{said?.collaborative === true && (
				<div class="sub stack">
					<div id="said-collaboration-partners" tabIndex={-1} class="stack-s">
						<p class="label">{t("draft.partners")}</p>
						<p class="hint">{t("draft.partners_hint")}</p>
						{errors["said-collaboration-partners"] !== undefined && <ErrorText id="partners-error" text={errors["said-collaboration-partners"]} />}
						<ul class="stack-s">{partners.map((p, i) => (
							<li class="partner">
								<input aria-label={t("draft.partner_name", { n: i + 1 })} placeholder={t("draft.name")} value={p.name} maxLength={200} dir="auto"
									readOnly={locked} autocomplete="off" onInput={(e) => partner(i, { name: e.currentTarget.value })} onBlur={saver.flush} />
								<input aria-label={t("draft.partner_task", { n: i + 1 })} placeholder={t("draft.task")} value={p.task} maxLength={2000} dir="auto"
									readOnly={locked} autocomplete="off" onInput={(e) => partner(i, { task: e.currentTarget.value })} onBlur={saver.flush} />
								{partners.length > 1 && !locked && <LinkButton class="sm" aria-label={t("draft.partner_remove", { n: i + 1 })}
									onClick={() => set({ partners: partners.filter((_, k) => k !== i) })}>{t("draft.remove")}</LinkButton>}
							</li>
						))}</ul>
						{partners.length < PARTNERS_MAX && !locked &&
							<LinkButton class="sm" onClick={() => set({ partners: [...partners, { name: "", email: "", task: "" }] })}>{t("draft.partner_add")}</LinkButton>}
					</div>
					<Box id="said-collaboration-rationale" label={t("draft.rationale")} value={said.rationale} locked={locked}
						error={errors["said-collaboration-rationale"]} onInput={(rationale) => set({ rationale })} onLeave={saver.flush} />
					<Box id="said-collaboration-delegation" label={t("draft.delegation")} hint={t("draft.delegation_hint")} value={said.delegation} locked={locked}
						error={errors["said-collaboration-delegation"]} onInput={(delegation) => set({ delegation })} onLeave={saver.flush} />
				</div>
			)}
		</fieldset>
	);
}

export function Ai({ saver, micro, locked, errors }: Props) {
	const [said, change] = useSaid(saver, "ai");
	const empty: Said["ai"] = { used: false, tools: "", purpose: "", how: "", changed: "" };
	const set = (c: Partial<Said["ai"]>) => change(c, empty), prohibited = micro?.aiPolicy === "prohibited";
	const refused = saver.machine.fields[saidField("ai")]?.refused ?? undefined, error = refused ?? errors["said-ai-used"];

	return (
		<fieldset id="said-ai" tabIndex={-1}>
			<legend class="label">{prohibited ? t("draft.ai_none") : t("draft.ai")}</legend>
			{micro !== undefined && (prohibited || !micro.aiNote) && <p class="hint" id="policy-ai">{
				prohibited ? t("draft.policy_ai_prohibited") : micro.aiPolicy === "disclosed_assist" ? t("draft.policy_ai_assist") : t("draft.policy_ai_open")}</p>}
			<Theirs text={micro?.aiNote} class="hint" />
			{error !== undefined && <ErrorText id="said-ai-error" text={error} />}
			<Choice name="ai" id="said-ai-used" label={prohibited ? t("draft.ai_confirm") : t("draft.ai_no")} checked={said?.used === false} locked={locked}
				onPick={() => set({ used: false })} />
			<Choice name="ai" label={t("draft.ai_yes")} checked={said?.used === true} locked={locked}
				disabledBy={prohibited ? "policy-ai" : undefined} onPick={() => set({ used: true })} />
			{said?.used === true && (
				<div class="sub stack">
					<Box id="said-ai-tools" rows={1} label={t("draft.ai_tools")} value={said.tools} locked={locked} error={errors["said-ai-tools"]}
						onInput={(tools) => set({ tools })} onLeave={saver.flush} />
					<Box id="said-ai-purpose" label={t("draft.ai_purpose")} value={said.purpose} locked={locked} error={errors["said-ai-purpose"]}
						onInput={(purpose) => set({ purpose })} onLeave={saver.flush} />
					<Box id="said-ai-how" label={t("draft.ai_how")} hint={t("draft.optional")} value={said.how} locked={locked}
						onInput={(how) => set({ how })} onLeave={saver.flush} />
					<Box id="said-ai-changed" label={t("draft.ai_changed")} hint={t("draft.optional")} value={said.changed} locked={locked}
						onInput={(changed) => set({ changed })} onLeave={saver.flush} />
				</div>
			)}
			{micro?.exclusivelyAiIsDenied === true && !prohibited && said?.used === true && (
				<div class="mt2"><Note icon="info"><p>{t("draft.ai_alone")}</p></Note></div>
			)}
		</fieldset>
	);
}

/* One thing to confirm before handing in. */
export function Confirm({ saver, group, id, label, error, locked }: {
	saver: Saver; group: "personalInformation" | "ownWork"; id: string; label: string; error?: string | undefined; locked: boolean;
}) {
	const said = readSaid<Group>(useField(saver, saidField(group))?.mine ?? "") as { reviewed?: boolean; confirmed?: boolean } | null;
	const on = said?.reviewed === true || said?.confirmed === true;

	return (
		<div class={error !== undefined ? "field err" : "field"}>
			{error !== undefined && <ErrorText id={`${id}-error`} text={error} />}
			<label class="check confirm" for={id}>
				<input type="checkbox" id={id} checked={on} aria-describedby={error !== undefined ? `${id}-error` : undefined}
					aria-invalid={error !== undefined ? "true" : undefined} onChange={(e) => {
						if (locked) {
							e.currentTarget.checked = on;
							return;
						}
						saver.edit(saidField(group), JSON.stringify(group === "ownWork" ? { confirmed: e.currentTarget.checked } : { reviewed: e.currentTarget.checked }));
						saver.flush();
					}} />
				<span>{label}</span>
			</label>
		</div>
	);
}

