// "/wallet": the credentials of the reader, to be shown and to be taken along.
import { useEffect, useState } from "preact/hooks";
import { api, ask, PREFIX, type Result, type Schemas } from "../lib/api";
import type { Boot } from "../lib/boot";
import { useLive } from "../lib/live";
import { useResource } from "../lib/resource";
import { day } from "../lib/time";
import { t } from "../lib/words";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Empty, Failure, sentenceOf } from "../parts/state";
import { Tag } from "../parts/tag";
import { toast } from "../parts/toast";

type Row = Schemas["CredentialRow"];
type List = Schemas["CredentialList"];
export type WalletBoot = Boot<List>;

function listCredentials(cursor?: string, signal?: AbortSignal): Promise<Result<List>> {
	return ask(api.GET("/credentials", { params: { query: cursor !== undefined ? { cursor } : {} }, signal: signal ?? null }));
}

/* By the device's own menu where it has one, else the link is copied. */
async function share(row: Row): Promise<void> {
	const url = new URL(`/c/${row.id}`, location.href).href;

	try {
		if (navigator.share !== undefined && matchMedia("(pointer: coarse)").matches)
			await navigator.share({ title: row.title, url });
		else {
			await navigator.clipboard.writeText(url);
			toast(t("wallet.copied"));
		}
	} catch (e) {
		if (!(e instanceof DOMException && e.name === "AbortError"))
			toast(t("wallet.not_copied", { url }));
	}
}

function StateTag({ state }: { state: string }) {
	switch (state) {
	case "revoked":
		return <Tag tone="bad">{t("wallet.revoked")}</Tag>;
	case "suspended":
		return <Tag tone="warn">{t("wallet.suspended")}</Tag>;
	case "expired":
		return <Tag tone="warn">{t("wallet.expired")}</Tag>;
	default:
		return null;
	}
}

function Credential({ row, isFirst }: { row: Row; isFirst: boolean }) {
	const file = (suffix: string) => `${PREFIX}/credentials/${row.id}.${suffix}`, isGood = row.state === "issued";

	return (
		<li class="wcard card">
			<a class="face" href={`/c/${row.id}`} tabIndex={-1} aria-hidden="true"><img src={file("svg")} alt="" width="132" height="132" loading="lazy" decoding="async" /></a>
			<div class="pad stack-s">
				<h2 dir="auto"><a href={`/c/${row.id}`}>{row.title}</a></h2>
				<p class="sm soft"><bdi>{row.issuer?.name}</bdi>{row.issuedAt !== undefined && <> · {t("wallet.issued", { date: day(new Date(row.issuedAt)) })}</>} <StateTag state={row.state} /></p>
				<p class="bar">
					{isGood && <Button small kind={isFirst ? "primary" : "plain"} onClick={() => void share(row)}><Icon name="link" />{t("wallet.share")}<span class="vh">: {row.title}</span></Button>}
					<a class="btn s q" href={`/submissions/${row.submissionId}/result`}>{t("wallet.feedback")}<span class="vh">: {row.title}</span></a>
				</p>
				<details class="files sm">
					<summary>{t("wallet.files")}<span class="vh">: {row.title}</span></summary>
					<ul>
						<li><a href={file("png")} download>{t("wallet.picture")}</a></li>
						<li><a href={file("svg")} download>{t("wallet.drawing")}</a></li>
						<li><a href={file("jwt")} download>{t("wallet.signed")}</a></li>
						<li><a href={file("jsonld")} download>{t("wallet.data")}</a></li>
					</ul>
				</details>
			</div>
		</li>
	);
}

export function Wallet({ boot }: { boot: WalletBoot }) {
	const first = useResource("wallet", (signal) => listCredentials(undefined, signal), boot.data);
	const [older, setOlder] = useState<Row[]>([]), [next, setNext] = useState(boot.data.next), [busy, setBusy] = useState(false);
	const fresh = first.data?.items ?? [], rows = [...fresh, ...older.filter((o) => !fresh.some((f) => f.id === o.id))];

	useEffect(() => {
		document.title = `${t("wallet.title")} · Vouch`;
	}, []);
	useLive(first.reload);
	const more = async () => {
		setBusy(true);
		const got = await listCredentials(next);

		setBusy(false);
		if (!got.ok)
			return toast(sentenceOf(got.problem));
		setOlder([...older, ...got.data.items]);
		setNext(got.data.next);
	};

	return (
		<div class="wrap walletpage stack-l">
			<header class="stack-s">
				<h1>{t("wallet.title")}</h1>
				{rows.length > 0 && <p class="lead">{next !== undefined ? t("wallet.lead_more", { n: rows.length }) : t("wallet.lead", { n: rows.length })}</p>}
			</header>
			{first.problem !== null && <Failure title={t("wallet.failed")} problem={first.problem} again={first.reload} />}
			{rows.length === 0 && <Empty icon="praise" title={t("wallet.empty")} action={<p class="bar mt"><a class="btn pri" href="/work">{t("wallet.to_work")}</a></p>}>{t("wallet.empty_how")}</Empty>}
			{rows.length > 0 && <ul class="wallet">{rows.map((row, i) => <Credential key={row.id} row={row} isFirst={i === 0} />)}</ul>}
			{next !== undefined && <p><Button busy={busy && t("wallet.busy")} onClick={() => void more()}>{t("wallet.more")}</Button></p>}
		</div>
	);
}
