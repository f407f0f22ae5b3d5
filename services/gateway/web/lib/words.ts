// Words for people: t("draft.saved", { time }). The build compiles in what a page
// names, in its language; nothing is looked up at run time.
import type { Catalogue } from "catalogue";
import * as compiled from "catalogue";
import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";

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

/*
 * A message with marks, "Ask <a>your lead</a>.": each mark becomes what MARKS makes
 * of the text inside.
 */
export function marked(text: string, marks: { [mark: string]: (inside: string) => ComponentChildren }): VNode {
	const pieces: ComponentChildren[] = [];
	let rest = text;

	for (let found; (found = /<([a-z]+)>(.*?)<\/\1>/s.exec(rest)) !== null;) {
		pieces.push(rest.slice(0, found.index), marks[found[1] ?? ""]?.(found[2] ?? "") ?? found[2]);
		rest = rest.slice(found.index + found[0].length);
	}
	pieces.push(rest);
	return h("span", null, pieces);
}
