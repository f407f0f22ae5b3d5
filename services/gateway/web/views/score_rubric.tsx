// The rubric: criteria with their levels, and what is said about each.
import { options } from "preact";
import { useState } from "preact/hooks";
import type { Saver } from "../lib/saver";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { ErrorText } from "../parts/field";
import { Icon } from "../parts/icon";
import { Tag } from "../parts/tag";
import type { Desk, DeskNote } from "./score_desk";
import { isAddress, isFailed, KINDS, levelOf, readMark, readQuote, WHOLE, writeQuote, type Kind, type Place } from "./score_rule";
import { kindIcon, kindName } from "./score_words";

export interface Shared {
	desk: Desk;
	saver: Saver;
	locked: boolean;
	onPhrases: (field: string) => void;
}

/*
 * Draws what RUN changes at once, then gives the focus to what it names: the next
 * key is a letter of a text already, and must not be taken for a single key.
 */
export function focusOn(run: () => string): void {
	const before = options.debounceRendering;
	let draw: (() => void) | undefined, id = "";

	options.debounceRendering = (queued) => {
		draw = queued;
	};
	try {
		id = run();
		draw?.();
	} finally {
		options.debounceRendering = before;
	}
	// A dialog gives the focus back when it closes: before, not after.
	document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
	document.getElementById(id)?.focus();
}

export const noteId = (id: number): string => `note-${id}`;

function NoteEditor({ desk, field, note, about, locked }: { desk: Desk; field: string; note: DeskNote; about: string; locked: boolean }) {
	const quoted = readQuote(note.text), rest = quoted?.rest ?? note.text, id = noteId(note.id), [left, leave] = useState(false);
	const label = t("score.note_about", { kind: kindName(note.kind), about }), bad = left && note.url !== "" && !isAddress(note.url);
	const write = (text: string) => desk.change(field, note.id, { text: quoted === null ? text : writeQuote({ ...quoted, rest: text }) });

	return (
		<div class={`fbn ${note.kind}`}>
			<p class="bar"><span class="kind"><Icon name={kindIcon[note.kind]} size={15} />{kindName(note.kind)}</span>
				{!locked && <button type="button" class="x" onClick={() => desk.remove(field, note.id)}><Icon name="close" size={14} /><span class="vh">{t("score.note_remove", { label })}</span></button>}</p>
			{quoted !== null && (
				<p class="quote xs" dir="auto">“{quoted.quote}” <span class="soft">{quoted.source}</span>
					{!locked && <> <LinkButton class="xs" onClick={() => desk.change(field, note.id, { text: rest })}>{t("score.quote_remove")}</LinkButton></>}</p>
			)}
			{locked ? <p class="theirs" dir="auto">{rest}</p> : (
				<textarea id={id} rows={2} maxLength={7000} dir="auto" aria-label={label} value={rest} onInput={(e) => write(e.currentTarget.value)}
					onFocus={() => {
						desk.active = { field, id: note.id };
					}} />
			)}
			{note.kind === "resource" && (locked ? note.url !== "" && <a class="xs" href={note.url} target="_blank" rel="noopener noreferrer">{note.url}</a> : (
				<>
					<input type="url" placeholder={t("score.url")} aria-label={t("score.url")} value={note.url} dir="ltr" aria-invalid={bad ? "true" : undefined}
						aria-describedby={bad ? `${id}-e` : undefined} onInput={(e) => desk.change(field, note.id, { url: e.currentTarget.value })} onBlur={() => leave(true)} />
					{bad && <ErrorText id={`${id}-e`} text={t("score.url_whole")} />}
				</>
			))}
		</div>
	);
}

/* Both sides changed the same criterion: a person chooses. */
function Clash({ saver, field, place }: { saver: Saver; field: string; place: Place | null }) {
	const clash = saver.machine.fields[field]?.clash;

	if (clash === undefined || clash === null)
		return null;
	const theirs = readMark(clash.text), level = place !== null ? levelOf(place.criterion, theirs)?.title : undefined;

	return (
		<div class="note bad" role="group" aria-label={t("score.clash")} id={`clash-${field}`} tabIndex={-1}>
			<Icon name="error" size={18} />
			<div class="stack-s">
				<p><strong>{t("score.clash")}</strong></p>
				<p dir="auto">{level !== undefined && <Tag>{level}</Tag>} {theirs.notes.map((n) => n.text).join(" · ")}</p>
				<p class="bar"><Button small onClick={() => saver.choose(field, saver.text(field))}>{t("score.keep_here")}</Button>
					<Button small onClick={() => saver.choose(field, clash.text)}>{t("score.keep_there")}</Button></p>
			</div>
		</div>
	);
}

function Notes({ desk, field, part, about, locked, onPhrases, needed }: Omit<Shared, "saver"> & { field: string; part: string; about: string; needed: boolean }) {
	const notes = desk.notes(field);

	return (
		<>
			{notes.map((n) => <NoteEditor key={n.id} desk={desk} field={field} note={n} about={about} locked={locked} />)}
			{!locked && (
				<>
					<div class="kinds" role="group" aria-label={t("score.add_note", { about })}>
						{KINDS.map((kind: Kind) => (
							<button type="button" class={`btn ${kind}`} onClick={() => focusOn(() => noteId(desk.add(field, kind, part)))}><Icon name={kindIcon[kind]} size={15} /><span>{kindName(kind)}</span></button>
						))}
					</div>
					<p class="bar xs soft under"><LinkButton class="xs" onClick={() => onPhrases(field)}>{t("score.phrases")} <kbd aria-hidden="true">/</kbd></LinkButton>
						{needed && <span class="w">{t("score.needs_challenge")}</span>}</p>
				</>
			)}
		</>
	);
}

function Levels({ place, level, locked, onLevel }: { place: Place; level: string; locked: boolean; onLevel: (id: string) => void }) {
	const { criterion } = place;

	return (
		<div class="lvls" role="radiogroup" aria-labelledby={`h-${criterion.id}`}>
			{(criterion.levels ?? []).map((l, i) => (
				<label class="lvl">
					<input type="radio" name={`level-${criterion.id}`} checked={level === l.id} aria-disabled={locked ? "true" : undefined}
						onClick={(e) => locked && e.preventDefault()} onChange={() => !locked && onLevel(l.id ?? "")} />
					<strong dir="auto">{l.title}{l.passing === true && <span class="meets"><Icon name="check" size={14} /><span class="vh">{t("score.meets")}</span></span>}</strong>
					{!locked && <kbd aria-hidden="true">{i + 1}</kbd>}
					<small dir="auto">{l.description}</small>
				</label>
			))}
		</div>
	);
}

function CriterionCard({ place, open, error, onOpen, ...shared }: Shared & { place: Place; open: boolean; error: string | undefined; onOpen: () => void }) {
	const { desk, saver, locked } = shared, { criterion } = place, id = criterion.id ?? "", mark = desk.mark(id), level = levelOf(criterion, mark);
	const needed = isFailed(criterion, mark) && !mark.notes.some((n) => n.kind === "challenge"), notes = mark.notes.length;

	return (
		<div class={open ? "crit open" : "crit"} id={`c-${id}`}>
			<h4 id={`h-${id}`}><button type="button" class="crith" id={`b-${id}`} aria-expanded={open} aria-controls={`p-${id}`} aria-describedby={error !== undefined ? `e-${id}` : undefined} onClick={onOpen}>
				<span><span class="num soft">{place.n}</span> <bdi>{criterion.title}</bdi>{criterion.required !== true && <small class="soft"> {t("score.optional")}</small>}</span>
				<span class="what">{!open && notes > 0 && <span class="xs soft nw"><Icon name="chat" size={14} />{notes}<span class="vh"> {t("score.notes", { n: notes })}</span></span>}
					{level === undefined ? <Tag>{t("score.not_scored")}</Tag> : <Tag tone={level.passing === true ? "ok" : "warn"}>{level.title}</Tag>}</span>
			</button></h4>
			{error !== undefined && <ErrorText id={`e-${id}`} text={error} />}
			<Clash saver={saver} field={id} place={place} />
			{open && (
				<div id={`p-${id}`}>
					<Levels place={place} level={mark.level} locked={locked} onLevel={(l) => desk.setLevel(id, l)} />
					<Notes {...shared} field={id} part={place.part} about={criterion.title} needed={needed} />
				</div>
			)}
		</div>
	);
}

export function Rubric({ places, open, errors, onOpen, onPart, ...shared }: Shared & {
	places: Place[]; open: string; errors: { [field: string]: string }; onOpen: (field: string) => void; onPart: (part: string) => void;
}) {
	const parts = [...new Map(places.map((p) => [p.part, p.partTitle]))], whole = shared.desk.notes(WHOLE);

	return (
		<>
			{parts.map(([part, title]) => (
				<section class="critpart" aria-labelledby={`part-h-${part}`}>
					<h3 id={`part-h-${part}`}><button type="button" class="link" onClick={() => onPart(part)}><bdi>{title}</bdi></button></h3>
					{places.filter((p) => p.part === part).map((p) => (
						<CriterionCard key={p.criterion.id} place={p} open={open === p.criterion.id} error={errors[p.criterion.id ?? ""]} onOpen={() => onOpen(open === p.criterion.id ? "" : p.criterion.id ?? "")} {...shared} />
					))}
				</section>
			))}
			<section class={open === WHOLE ? "crit open" : "crit"} id={`c-${WHOLE}`}>
				<h3><button type="button" class="crith" id={`b-${WHOLE}`} aria-expanded={open === WHOLE} onClick={() => onOpen(open === WHOLE ? "" : WHOLE)}>
					<span>{t("score.whole")}</span><span class="xs soft">{t("score.notes", { n: whole.length })}</span></button></h3>
				<Clash saver={shared.saver} field={WHOLE} place={null} />
				{open === WHOLE && <div><Notes {...shared} field={WHOLE} part="" about={t("score.whole")} needed={false} /></div>}
			</section>
		</>
	);
}
