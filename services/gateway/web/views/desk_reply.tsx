// The answer: to the person, or a note between agents; with macros, and what becomes of the ticket.
import { useEffect, useRef, useState } from "preact/hooks";
import { moment } from "../lib/time";
import { t } from "../lib/words";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { ErrorText, Field } from "../parts/field";
import { sentenceOf } from "../parts/state";
import { Note } from "../parts/tag";
import { toast } from "../parts/toast";
import type { Problem } from "../lib/problem";
import { fill, gapsOf, readMacros, writeMacros, type Macro } from "./desk_macros";
import { BODY_MAX, at, kept, readTicket, say, setState, type Said, type Ticket } from "./ticket_record";

/* What a macro may hold; each is filled in when it is used. */
const PLACES = "[name] [id] [title] [day] [clock]";

export interface ReplyHandle {
	focus: (internal: boolean) => void;
	insert: (text: string) => void;
	macros: () => void;
}

function Macros({ account, ticket, open, onClose, use }: { account: string; ticket: Ticket; open: boolean; onClose: () => void; use: (text: string) => void }) {
	const [list, set] = useState<Macro[]>(() => readMacros(account)), [edited, edit] = useState<number | null>(null), [name, setName] = useState(""), [text, setText] = useState("");
	const keep = (next: Macro[]) => {
		set(next);
		if (!writeMacros(account, next))
			toast(t("desk.macro_unkept"));
	};
	const begin = (i: number, m?: Macro) => {
		edit(i);
		setName(m?.name ?? "");
		setText(m?.text ?? "");
	};

	return (
		<Dialog title={t("desk.macros")} open={open} onClose={onClose} wide>
			{edited === null ? <>
				<p class="sm soft">{t("desk.macros_how")}</p>
				<ul class="macros">{list.map((m, i) => (
					<li><button type="button" class="pick" onClick={() => use(fill(m.text, ticket))}><strong dir="auto">{m.name}</strong><span class="sm soft" dir="auto">{fill(m.text, ticket)}</span></button>
						<LinkButton class="xs" onClick={() => begin(i, m)}>{t("desk.change")}<span class="vh"> {m.name}</span></LinkButton></li>
				))}</ul>
				<p><Button small onClick={() => begin(list.length)}>{t("desk.macro_add")}</Button></p>
			</> : (
				<form class="stack-s" onSubmit={(e) => {
					e.preventDefault();
					if (name.trim() !== "" && text.trim() !== "")
						keep([...list.slice(0, edited), { name: name.trim(), text }, ...list.slice(edited + 1)]);
					edit(null);
				}}>
					<Field id="macro-name" label={t("desk.macro_name")}><input required maxLength={80} value={name} dir="auto" onInput={(e) => setName(e.currentTarget.value)} /></Field>
					<Field id="macro-text" label={t("desk.macro_text")} hint={<>{t("desk.macro_words")} <span dir="ltr">{PLACES}</span></>}><textarea required rows={5} maxLength={4000} value={text} dir="auto" onInput={(e) => setText(e.currentTarget.value)} /></Field>
					<p class="bar"><button class="btn s pri">{t("desk.macro_keep")}</button><Button small kind="quiet" onClick={() => edit(null)}>{t("app.cancel")}</Button>
						{edited < list.length && <Button small kind="danger" end onClick={() => {
							keep(list.filter((_, i) => i !== edited));
							edit(null);
						}}>{t("desk.macro_drop")}</Button>}</p>
				</form>
			)}
		</Dialog>
	);
}

interface Props {
	ticket: Ticket;
	account: string;
	handle: { current: ReplyHandle | null };
	heard: (t: Ticket) => void;
	onDone: (state: string) => void;
}

export function Reply({ ticket, account, handle, heard, onDone }: Props) {
	const place = (internal: boolean) => `${internal ? "note" : "reply"}/${account}/${ticket.id}`;
	const [internal, setInternal] = useState(false), [text, set] = useState(kept.read(place(false))), [keeps, setKeeps] = useState(true);
	const [busy, setBusy] = useState<"" | "send" | "solve">(""), [error, setError] = useState<string>(), [problem, setProblem] = useState<Problem | null>(null);
	const [between, setBetween] = useState<{ said: Said; solve: boolean } | null>(null), [choosing, choose] = useState(false), box = useRef<HTMLTextAreaElement>(null);
	const write = (value: string) => {
		set(value);
		setKeeps(kept.write(place(internal), value));
		setError(undefined);
	};
	const turn = (on: boolean) => {
		setInternal(on);
		set(kept.read(place(on)));
		setError(undefined);
		setTimeout(() => box.current?.focus());
	};
	const insert = (more: string) => {
		write(text.trim() === "" ? more : `${text.trimEnd()}\n\n${more}`);
		choose(false);
		setTimeout(() => box.current?.focus());
	};
	const send = async (solve: boolean, anyway = false): Promise<void> => {
		const gaps = internal ? [] : gapsOf(text), seen = ticket.messages.at(-1)?.id;

		if (busy !== "")
			return;
		if (text.trim() === "" || gaps.length > 0) {
			setError(text.trim() === "" ? t("ticket.e_body") : t("desk.e_gap", { gap: gaps.join(" ") }));
			box.current?.focus();
			return;
		}
		setBusy(solve ? "solve" : "send");
		setProblem(null);
		if (!anyway && !internal) {
			const now = await readTicket(ticket.id), last = now.ok ? now.data.messages.at(-1) : undefined;

			if (now.ok && last !== undefined && last.id !== seen && last.internal !== true) {
				setBusy("");
				heard(now.data);
				setBetween({ said: last, solve });
				return;
			}
		}
		const result = await say(ticket.id, text, internal), then = result.ok && solve ? await setState(ticket.id, "resolved") : result;

		setBusy("");
		if (result.ok) {
			write("");
			heard(then.ok ? then.data : result.data);
			if (then.ok) {
				toast(internal ? t("desk.noted") : solve ? t("desk.sent_solved") : t("ticket.sent"), solve ? { label: t("app.undo"), run: () => void setState(ticket.id, "open").then((r) => r.ok && heard(r.data)) } : undefined);
				onDone(then.data.state);
			}
		}
		if (!then.ok)
			setProblem(then.problem);
	};

	handle.current = { focus: turn, insert, macros: () => choose(true) };
	useEffect(() => {
		set(kept.read(place(internal)));
		setError(undefined);
		setProblem(null);
	}, [ticket.id]);
	return (
		<form class={internal ? "reply internal" : "reply"} noValidate onSubmit={(e) => {
			e.preventDefault();
			void send(false);
		}}>
			<div class="bar replyhow">
				<span class="seg" role="group" aria-label={t("desk.kind")}>
					<button type="button" aria-pressed={!internal} onClick={() => turn(false)}>{t("desk.reply")} <kbd aria-hidden="true">R</kbd></button>
					<button type="button" aria-pressed={internal} onClick={() => turn(true)}>{t("desk.note")} <kbd aria-hidden="true">N</kbd></button>
				</span>
				{!internal && <Button small kind="quiet" end onClick={() => choose(true)}>{t("desk.macros")} <kbd aria-hidden="true">M</kbd></Button>}
			</div>
			{problem !== null && <Note tone="bad" icon="error" role="alert">{t("ticket.not_sent")}. {sentenceOf(problem)}</Note>}
			<label class="vh" for="answer">{internal ? t("desk.note_label") : t("desk.reply_label")}</label>
			{error !== undefined && <ErrorText id="answer-error" text={error} />}
			<textarea id="answer" ref={box} dir="auto" rows={3} maxLength={BODY_MAX} value={text} aria-invalid={error !== undefined ? "true" : undefined} aria-describedby={error !== undefined ? "answer-error" : undefined}
				placeholder={internal ? t("desk.note_hint") : undefined} onInput={(e) => write(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
						e.preventDefault();
						void send(false);
					} else if (e.key === "Escape")
						e.currentTarget.blur();
				}} />
			<div class="bar">
				<Button kind="primary" small onClick={() => void send(false)} busy={busy === "send" && t("ticket.sending")}>{internal ? t("desk.keep_note") : t("ticket.send")} <kbd aria-hidden="true">Ctrl ↵</kbd></Button>
				{!internal && <Button small onClick={() => void send(true)} busy={busy === "solve" && t("ticket.sending")}>{t("desk.send_solve")}</Button>}
				{text !== "" && <span class="xs soft">{keeps ? t("desk.draft_kept") : t("desk.draft_unkept")}</span>}
			</div>
			<Macros account={account} ticket={ticket} open={choosing} onClose={() => choose(false)} use={insert} />
			<Dialog title={t("desk.between")} open={between !== null} onClose={() => setBetween(null)}>
				{between !== null && <>
					<p><bdi>{between.said.authorName ?? t("ticket.by_agent")}</bdi>, {moment(at(between.said.createdAt))}</p>
					<blockquote class="quote" dir="auto">{between.said.body.slice(0, 500)}</blockquote>
					<p class="bar"><Button kind="primary" onClick={() => setBetween(null)}>{t("desk.look")}</Button>
						<Button onClick={() => {
							setBetween(null);
							void send(between.solve, true);
						}}>{t("desk.anyway")}</Button></p>
				</>}
			</Dialog>
		</form>
	);
}
