// "/account/security": where one is signed in, the password, what programs may do.
import { useState } from "preact/hooks";
import { api, ask, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { useResource } from "../lib/resource";
import { moment } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Failure, sentenceOf } from "../parts/state";
import { Tag } from "../parts/tag";
import { toast } from "../parts/toast";
import { AccountFrame } from "./account_frame";
import { deviceOf } from "./device";
import { Tokens } from "./tokens";

type Session = Schemas["SessionRow"];
export type SecurityBoot = Boot<Schemas["SessionList"]> & { beside: [Schemas["TokenList"] | null, Schemas["Session"] | null] };

function deviceWords(agent: string): string {
	const { browser, system } = deviceOf(agent);

	if (browser !== "" && system !== "")
		return t("settings.device", { browser, system });
	return browser || system || t("settings.unknown");
}

const when = (at: string | undefined): string => (at !== undefined ? moment(new Date(at)) : "");
const endOne = (id: string) => ask(api.DELETE("/sessions/{id}", { params: { path: { id } } }));

function Sessions({ boot }: { boot: SecurityBoot }) {
	const list = useResource("sessions", (signal) => ask(api.GET("/sessions", { signal })), boot.data), [busy, setBusy] = useState("");
	const all = list.data?.items ?? [], others = all.filter((s) => s.current !== true), rows = [...all.filter((s) => s.current === true), ...others];
	const end = async (which: Session[], name: string, said: string) => {
		setBusy(name);
		const done = await Promise.all(which.map((s) => endOne(s.id))), failed = done.find((d) => !d.ok && d.problem.kind !== "not_found");

		setBusy("");
		list.reload();
		toast(failed !== undefined && !failed.ok ? sentenceOf(failed.problem) : said);
	};

	return (
		<section class="stack">
			<div class="stack-s"><h2>{t("settings.here")}</h2><p class="sm soft">{others.length > 0 ? t("settings.here_note") : t("settings.only")}</p></div>
			{list.problem !== null && <Failure title={t("settings.failed")} problem={list.problem} again={list.reload} />}
			<ul class="card">{rows.map((s) => (
				<li class="ev" key={s.id}>
					<Icon name={s.current === true ? "check" : "person"} size={20} />
					<div>
						<p class="ink bar"><strong>{deviceWords(s.agent)}</strong>{s.current === true && <Tag tone="now">{t("settings.this")}</Tag>}</p>
						<p>{t("settings.used", { moment: when(s.usedAt ?? s.createdAt) })} · {t("settings.since", { moment: when(s.createdAt) })}</p>
					</div>
					{s.current !== true && <Button small busy={busy === s.id && t("settings.ending")} onClick={() => void end([s], s.id, t("settings.ended"))}>{t("settings.end")}<span class="vh">: {deviceWords(s.agent)}</span></Button>}
				</li>
			))}</ul>
			{others.length > 0 && <p><Button kind="danger" busy={busy === "all" && t("settings.ending")} onClick={() => void end(others, "all", t("settings.ended_all"))}>{t("settings.end_all")}</Button></p>}
		</section>
	);
}

function Password({ email }: { email: string }) {
	const [busy, setBusy] = useState(false), [said, say] = useState("");
	const send = async () => {
		setBusy(true);
		const sent = await ask(api.POST("/accounts/mail", { body: { email, kind: "password" } }));

		setBusy(false);
		say(sent.ok ? t("settings.mail_sent", { email }) : sentenceOf(sent.problem));
	};

	return (
		<section class="stack-s">
			<h2>{t("settings.password")}</h2>
			<p class="sm soft">{t("settings.password_note")}</p>
			<p class="bar"><Button busy={busy && t("settings.sending")} onClick={() => void send()}>{t("settings.password_send")}</Button><span class="sm" role="status" dir="auto">{said}</span></p>
		</section>
	);
}

export function Security({ boot }: { boot: SecurityBoot }) {
	const email = boot.beside[1]?.account?.email ?? "";

	return (
		<AccountFrame here="security">
			<Sessions boot={boot} />
			{email !== "" && <Password email={email} />}
			<Tokens first={boot.beside[0] ?? undefined} />
		</AccountFrame>
	);
}
