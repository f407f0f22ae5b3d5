// Words for people: t("draft.saved", { time }). The build compiles in what a page
// names, in its language; nothing is looked up at run time.
import type { Catalogue } from "catalogue";
import * as compiled from "catalogue";
import type { ComponentChildren, VNode } from "preact";
import { Fragment, h } from "preact";

export type Message = keyof Catalogue;
/* Messages without parameters: what tables of words hold. */
export type Word = { [K in Message]: Catalogue[K] extends null ? K : never }[Message];

type Table = { [name: string]: string | ((parameters: unknown) => string) };

const table = compiled.table as unknown as Table;

export const language: string = compiled.language;

export function t<K extends Message>(name: K, ...parameters: Catalogue[K] extends null ? [] : [Catalogue[K]]): string {
	const message = table[name];

	if (message === undefined)
		throw new Error(`the page does not have the message ${name}`);
	return typeof message === "string" ? message : message(parameters[0]);
}

const OPEN = "\u0001", CLOSE = "\u0002";

/*
 * A message that holds a link or the like between {link} and {end}, or a name of
 * somebody's: say("draft.ask", { link: open, end: close }, (inside) => <a ...>{inside}</a>).
 */
export const open = OPEN;
export const close = CLOSE;

export function around(text: string, wrap: (inside: string) => ComponentChildren): VNode {
	const from = text.indexOf(OPEN), to = text.indexOf(CLOSE);

	if (from < 0 || to < from)
		return h(Fragment, null, text);
	return h(Fragment, null, text.slice(0, from), wrap(text.slice(from + 1, to)), text.slice(to + 1));
}
