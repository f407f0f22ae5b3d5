// What the gateway put into the page: services/gateway/pages/app.h.

export interface Me {
	accountId: string;
	name: string;
	timeZone: string;
	roles: { issuerId: string; role: string }[];
}

export interface Boot<Data = unknown> {
	view: string;
	params: { [name: string]: string };
	me: Me | null;
	lang: string;
	etag: string | null;
	data: Data;
}

let read: Boot | undefined;

export function boot<Data>(): Boot<Data> {
	read ??= JSON.parse(document.getElementById("boot")?.textContent ?? "{}") as Boot;
	return read as Boot<Data>;
}
