// The catalogues of messages, services/locales/LANGUAGE/AREA.json, as functions.
//
// A message is called "AREA.key". English is the source: a message that another
// language lacks is taken from there, and reported; one that is nowhere breaks
// the build, as does one that does not parse.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module.js";
import { parse } from "@messageformat/parser";

export const SOURCE = "en";
const SHOWN = 10; // names in a report

function readArea(file) {
	const area = path.basename(file, ".json"), messages = new Map();
	const read = JSON.parse(readFileSync(file, "utf8"));

	for (const [key, text] of Object.entries(read)) {
		if (typeof text !== "string" || !/^[a-zA-Z][a-zA-Z0-9_]*$/.test(key))
			throw new Error(`${file}: "${key}" is not a key with a text`);
		if (text.includes("'"))
			throw new Error(`${file}: "${key}" has an apostrophe of ASCII; write \u2019`);
		messages.set(`${area}.${key}`, text);
	}
	return messages;
}

/* All catalogues: language -> name -> text. */
export function readCatalogues(folder) {
	const all = new Map();

	for (const language of readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name).sort()) {
		const messages = new Map();

		for (const file of readdirSync(path.join(folder, language)).sort())
			if (file.endsWith(".json"))
				for (const [name, text] of readArea(path.join(folder, language, file)))
					messages.set(name, text);
		all.set(language, messages);
	}
	if (!all.has(SOURCE))
		throw new Error(`${folder} has no catalogue of the source language, ${SOURCE}`);
	return all;
}

/* What is wrong with the catalogues: {errors, warnings}, each a list of sentences. */
export function compareCatalogues(all) {
	const source = all.get(SOURCE), errors = [], warnings = [];

	for (const [language, messages] of all) {
		const missing = [...source.keys()].filter((name) => !messages.has(name));
		const foreign = [...messages.keys()].filter((name) => !source.has(name));

		if (missing.length > 0)
			warnings.push(`${language} lacks ${missing.length} of ${source.size} messages, English is shown: ` +
				missing.slice(0, SHOWN).join(" ") + (missing.length > SHOWN ? " ..." : ""));
		for (const name of foreign)
			errors.push(`${language}: "${name}" is not in ${SOURCE}`);
		for (const [name, text] of messages) {
			try {
				const here = [...parametersOf(text).keys()].sort().join();
				const there = [...parametersOf(source.get(name) ?? text).keys()].sort().join();

				if (here !== there)
					errors.push(`${language}: "${name}" takes {${here}}, in ${SOURCE} it takes {${there}}`);
			} catch (e) {
				errors.push(`${language}: "${name}": ${e.message}`);
			}
		}
	}
	return { errors, warnings };
}

/* The parameters of a message: name -> type in TypeScript. */
export function parametersOf(text) {
	const found = new Map();
	const look = (tokens) => {
		for (const token of tokens) {
			if (token.type === "argument")
				found.set(token.arg, found.get(token.arg) ?? "string | number");
			if (token.type === "function")
				found.set(token.arg, token.key === "number" ? "number" : "Date | number");
			if (token.type === "plural" || token.type === "selectordinal")
				found.set(token.arg, "number");
			if (token.type === "select")
				found.set(token.arg, token.cases.map((c) => `"${c.key}"`).join(" | ").replace('"other"', "string"));
			for (const c of token.cases ?? [])
				look(c.tokens);
		}
	};

	look(parse(text, { strict: false }));
	return found;
}

/* The declaration of all messages, for lib/words.ts. */
export function declareCatalogue(source) {
	let out = "export interface Catalogue {\n";

	for (const [name, text] of source) {
		const parameters = [...parametersOf(text)].map(([key, type]) => `"${key}": ${type}`);

		out += `\t"${name}": ${parameters.length === 0 ? "null" : `{ ${parameters.join("; ")} }`};\n`;
	}
	return out + "}\nexport declare const language: string;\nexport declare const table: object;\n";
}

/*
 * One language with no message but those NAMED, as modules, name -> code:
 * "catalogue" has the table of texts and functions; what fell back to English
 * has English plurals, so it is a module of its own.
 */
export function compileCatalogue(all, language, named) {
	const source = all.get(SOURCE), messages = all.get(language), modules = new Map();
	const texts = {}, functions = { own: {}, fallen: {} };
	let imports = "", spread = "";

	for (const name of named) {
		const text = messages.get(name) ?? source.get(name);

		if (parametersOf(text).size === 0)
			texts[name] = parse(text).map((token) => token.value).join("");
		else
			functions[messages.has(name) ? "own" : "fallen"][name] = text;
	}
	for (const [part, list] of Object.entries(functions)) {
		if (Object.keys(list).length === 0)
			continue;
		imports += `import ${part} from "catalogue:${part}";\n`;
		spread += `, ...${part}`;
		modules.set(`catalogue:${part}`, compileModule(new MessageFormat(part === "own" ? language : SOURCE), list));
	}
	modules.set("catalogue", `${imports}export const language = ${JSON.stringify(language)};
export const table = { ...${JSON.stringify(texts)}${spread} };
`);
	return modules;
}
