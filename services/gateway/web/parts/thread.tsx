// A conversation: who said what, and when. Notes between agents look unlike anything else.
import type { Schemas } from "../lib/api";
import { moment } from "../lib/time";
import { t } from "../lib/words";

const URLS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

/* People's words as they wrote them; whole addresses become links. */
export function Words({ text }: { text: string }) {
	return <div class="words" dir="auto">{text.split(URLS).map((piece, i) => (i % 2 === 1 ? <a href={piece} rel="noopener nofollow">{piece}</a> : piece))}</div>;
}

export function Thread({ messages, mine }: { messages: Schemas["TicketMessage"][]; mine: "requester" | "agent" }) {
	return (
		<ol class="thread">
			{messages.map((m) => (
				<li key={m.id} class={`said ${m.internal === true ? "internal" : m.author === mine ? "mine" : m.author}`}>
					<p class="by"><strong><bdi>{m.author === "system" ? t("ticket.by_system") : m.authorName ?? (m.author === "agent" ? t("ticket.by_agent") : t("ticket.by_asker"))}</bdi></strong>
						{m.internal === true && <span>{t("ticket.internal")}</span>}
						<time class="num" dateTime={m.createdAt}>{moment(Date.parse(m.createdAt ?? ""))}</time></p>
					<Words text={m.body} />
				</li>
			))}
		</ol>
	);
}
