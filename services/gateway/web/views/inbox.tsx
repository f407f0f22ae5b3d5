// "/notifications": what has happened, the new first. It comes live.
import { useEffect, useState } from "preact/hooks";
import { api, ask, type Result, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { keysOn, useKeys } from "../lib/keys";
import { useLive } from "../lib/live";
import type { Problem } from "../lib/problem";
import { moment } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon, type IconName } from "../parts/icon";
import { Empty, Failure, sentenceOf } from "../parts/state";
import { toast } from "../parts/toast";

type Notification = Schemas["Notification"];
type List = Schemas["NotificationList"];
export type InboxBoot = Boot<List>;

const UNREAD_MAX = 100;
const icons: { [kind: string]: IconName } = {
	submission_received: "upload", submission_in_review: "person", submission_withdrawn: "close", decision: "target", credential_issued: "praise", result_late: "clock",
	ticket_answered: "chat", pool_submission: "file", review_due: "clock", review_overdue: "warn", review_escalated: "chat", mail_failed: "warn",
};

function list(query: { unread?: boolean; limit?: number; cursor?: string }, signal?: AbortSignal): Promise<Result<List>> {
	return ask(api.GET("/notifications", { params: { query }, signal: signal ?? null }));
}

/* Each once, newest first; what FRESH says of one stands. */
function joined(fresh: Notification[], old: Notification[]): Notification[] {
	const all = new Map([...old, ...fresh].map((n) => [n.id, n]));

	return [...all.values()].sort((a, b) => ((a.createdAt ?? "") < (b.createdAt ?? "") ? 1 : -1));
}

/* Moves the focus among the rows. */
function move(by: number): void {
	const links = [...document.querySelectorAll<HTMLElement>(".nrow h3 a")], at = links.findIndex((a) => a.closest(".nrow")?.contains(document.activeElement));
	const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];

	next?.focus();
	next?.closest(".nrow")?.scrollIntoView({ block: "nearest" });
}

const focusedId = (): string | undefined => document.activeElement?.closest<HTMLElement>(".nrow")?.dataset["id"];

function NotificationRow({ n, onRead }: { n: Notification; onRead: (n: Notification) => void }) {
	const isNew = n.readAt === undefined;

	return (
		<li class={isNew ? "nrow new" : "nrow"} data-id={n.id}>
			<span class="pic"><Icon name={icons[n.kind] ?? "info"} size={20} /></span>
			<div class="what">
				<h3 dir="auto"><a href={n.link} onClick={() => isNew && onRead(n)}>{n.title}</a></h3>
				<p class="sm" dir="auto">{n.body}</p>
				<p class="xs soft meta">{n.createdAt !== undefined && <time dateTime={n.createdAt}>{moment(new Date(n.createdAt))}</time>}{n.submissionCode !== undefined && <span class="num" dir="ltr">{n.submissionCode}</span>}</p>
			</div>
			{isNew && <p class="acts"><Button small kind="quiet" onClick={() => onRead(n)}><Icon name="check" />{t("inbox.read")}<span class="vh">: {n.title}</span></Button></p>}
		</li>
	);
}

export function Inbox({ boot }: { boot: InboxBoot }) {
	const [items, setItems] = useState(boot.data.items), [unread, setUnread] = useState(boot.data.unread ?? 0), [next, setNext] = useState(boot.data.next);
	const [problem, setProblem] = useState<Problem | null>(null), [busy, setBusy] = useState("");
	const fresh = items.filter((n) => n.readAt === undefined), read = items.filter((n) => n.readAt !== undefined);

	const take = (got: Result<List>) => {
		setProblem(got.ok ? null : got.problem);
		if (!got.ok)
			return;
		setItems((old) => joined(got.data.items, old));
		setUnread(got.data.unread ?? 0);
	};
	const reload = () => void list({}).then(take);
	const onRead = (n: Notification) => {
		const readAt = new Date().toISOString();

		setItems((old) => joined([{ ...n, readAt }], old));
		setUnread((u) => Math.max(0, u - 1));
		// It lives on when the link leads away.
		void ask(api.POST("/notifications/{id}/read", { params: { path: { id: n.id } }, keepalive: true })).then((done) => {
			if (!done.ok) {
				setItems((old) => joined([n], old));
				setUnread((u) => u + 1);
				toast(sentenceOf(done.problem));
			}
		});
	};
	const readAll = async () => {
		setBusy("all");
		const done = await ask(api.POST("/notifications/read"));

		setBusy("");
		if (!done.ok)
			return toast(sentenceOf(done.problem));
		setItems((old) => old.map((n) => ({ ...n, readAt: n.readAt ?? new Date().toISOString() })));
		setUnread(0);
		toast(t("inbox.all_read"));
	};
	const more = async () => {
		setBusy("more");
		const got = await list(next !== undefined ? { cursor: next } : {});

		setBusy("");
		if (!got.ok)
			return toast(sentenceOf(got.problem));
		setItems((old) => joined(old, got.data.items));
		setNext(got.data.next);
	};

	useEffect(() => {
		// New ones that are older than the first page.
		if (unread > fresh.length)
			void list({ unread: true, limit: UNREAD_MAX }).then(take);
	}, []);
	useEffect(() => {
		document.title = `${unread > 0 ? `(${unread}) ` : ""}${t("inbox.title")} · Vouch`;
	}, [unread]);
	useLive(reload);
	useKeys({ j: () => move(1), k: () => move(-1), e: () => {
		const n = items.find((i) => i.id === focusedId() && i.readAt === undefined);

		if (n !== undefined)
			onRead(n);
	} });

	return (
		<div class="wrap narrow inboxpage stack-l">
			<header class="bar">
				<div class="stack-s"><h1>{t("inbox.title")}</h1>{items.length > 0 && <p class="lead" role="status">{t("inbox.lead", { n: unread })}</p>}</div>
				{unread > 0 && <Button end busy={busy === "all" && t("inbox.reading")} onClick={() => void readAll()}>{t("inbox.read_all")}</Button>}
			</header>
			{problem !== null && <Failure title={t("inbox.failed")} problem={problem} again={reload} />}
			{items.length === 0 && <Empty icon="check" title={t("inbox.empty")}>{t("inbox.empty_how")}</Empty>}
			{fresh.length > 0 && <section aria-labelledby="new"><h2 id="new">{t("inbox.new")}</h2><ul class="card nrows">{fresh.map((n) => <NotificationRow key={n.id} n={n} onRead={onRead} />)}</ul></section>}
			{read.length > 0 && <section aria-labelledby="earlier"><h2 id="earlier">{t("inbox.earlier")}</h2><ul class="card nrows">{read.map((n) => <NotificationRow key={n.id} n={n} onRead={onRead} />)}</ul></section>}
			<footer class="bar">
				{keysOn() && items.length > 0 && <p class="xs soft keyhint"><kbd>J</kbd> <kbd>K</kbd> {t("inbox.key_move")} · <kbd>E</kbd> {t("inbox.key_read")}</p>}
				{next !== undefined && <Button busy={busy === "more" && t("inbox.busy")} onClick={() => void more()}>{t("inbox.more")}</Button>}
				<a class="end sm setlink" href="/account/notifications">{t("inbox.settings")}</a>
			</footer>
		</div>
	);
}
