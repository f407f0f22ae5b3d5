// Builds the web part: what the gateway serves below /assets/, and the C table that carries it.
//
//	node build.mjs --locales DIR --out DIR --table FILE.c
//
// Each entry of app/ becomes one module for each language, with the words that it
// uses compiled in. Each file of enhance/ becomes a small script without words.
// The style sheet, the font and static/ come beside. Names carry the hash of
// their bytes, so they may be kept for ever. What is the same as in the last run is not compressed anew.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import { compareCatalogues, compileCatalogue, declareCatalogue, readCatalogues, SOURCE } from "./words.mjs";

const { values: options } = parseArgs({
	options: {
		locales: { type: "string" },
		out: { type: "string" },
		table: { type: "string" },
		declare: { type: "string" }, // only writes the declaration of the catalogue, for the types
		tests: { type: "string" }, // only bundles test/*.test.ts into this folder
	},
});
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const root = path.dirname(here); // of the build: "here" is a link below it, and esbuild counts from what is none
const FONT = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2";
const TYPES = {
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".woff2": "font/woff2",
	".webmanifest": "application/manifest+json",
	".txt": "text/plain; charset=utf-8",
};
const common = {
	bundle: true,
	write: false,
	minify: true,
	preserveSymlinks: true,
	absWorkingDir: root,
	outdir: "/assets",
	target: ["es2022"],
	jsx: "automatic",
	jsxImportSource: "preact",
	legalComments: "none",
	logLevel: "warning",
	define: { "process.env.NODE_ENV": '"production"' },
};

function list(folder, ending) {
	const at = path.join(here, folder);

	return existsSync(at) ? readdirSync(at).filter((f) => f.endsWith(ending)).sort().map((f) => path.join(at, f)) : [];
}

const stem = (file) => path.basename(file).replace(/\.[a-z0-9]+$/, "");

/* ---- words ---------------------------------------------------------------------- */

/* Gives the imports "catalogue" and "catalogue:..." these modules. */
function catalogue(modules) {
	const runtime = path.join(here, "lib/message.ts");

	return {
		name: "catalogue",
		setup(build) {
			build.onResolve({ filter: /^catalogue(:|$)/ }, ({ path: name }) => ({ path: name, namespace: "words" }));
			build.onResolve({ filter: /^@messageformat\/runtime$/ }, () => ({ path: runtime }));
			build.onResolve({ filter: /^@messageformat\/runtime\/lib\/cardinals$/ }, () => ({ path: "cardinals", namespace: "words" }));
			build.onLoad({ filter: /.*/, namespace: "words" }, ({ path: name }) => ({
				contents: name === "cardinals" ? cardinals : modules.get(name),
				resolveDir: here,
			}));
		},
	};
}
const all = options.locales === undefined ? new Map() : readCatalogues(options.locales);
const cardinals = `import { rules } from "./lib/message.ts";\n` +
	[...all.keys()].map((language) => `export const ${language} = rules("${language}");\n`).join("");

/* The messages that the files of a bundle name: every "area.key" between quotes that the source language has. */
function namesIn(files, source) {
	const found = new Set();

	for (const file of files) {
		const text = readFileSync(path.resolve(root, file), "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, "");

		for (const [, name] of text.matchAll(/["'`]([a-z]+\.[a-zA-Z0-9_]+)["'`]/g))
			if (source.has(name))
				found.add(name);
		for (const [, name] of text.matchAll(/\bt\(\s*["'`]([^"'`]*)["'`]/g))
			if (!source.has(name))
				throw new Error(`${file}: t("${name}"): ${SOURCE} has no such message`);
		if (/\bt\(\s*`[^`]*\$\{/.test(text))
			throw new Error(`${file}: a name of a message is written out, or the build cannot find it`);
	}
	return [...found].sort();
}

/* ---- bundles -------------------------------------------------------------------- */

async function bundleApps() {
	const entries = list("app", ".tsx"), made = [];
	const looks = await Promise.all(entries.map((entry) => esbuild.build({
		...common, entryPoints: [entry], metafile: true, minify: false, format: "esm",
		plugins: [catalogue(new Map([["catalogue", "export const language = '', table = {}"]]))],
	})));
	const jobs = entries.flatMap((entry, i) => {
		const inputs = Object.keys(looks[i].metafile.inputs);
		const own = inputs.filter((f) => !f.startsWith("words:") && !f.includes("node_modules"));
		const names = namesIn(own, all.get(SOURCE));

		return [...all.keys()].map(async (language) => {
			const { outputFiles: [js] } = await esbuild.build({
				...common, entryPoints: [entry], format: "esm",
				plugins: [catalogue(compileCatalogue(all, language, names))],
			});

			made.push({ name: `${stem(entry)}.${language}.js`, bytes: Buffer.from(js.contents) });
		});
	});

	await Promise.all(jobs);
	return made;
}

async function bundleEnhancers() {
	const entries = list("enhance", ".ts");

	return Promise.all(entries.map(async (entry) => {
		const { outputFiles: [js] } = await esbuild.build({ ...common, entryPoints: [entry], format: "iife" });

		return { name: `${stem(entry)}.js`, bytes: Buffer.from(js.contents) };
	}));
}

/* The font first: the style sheet names it by its hash. */
async function bundleStyle() {
	const font = path.join(root, "node_modules", FONT);
	const files = [{ name: "vouch-sans.woff2", bytes: readFileSync(font) }];
	// One sheet for all pages, and one for each desk that has rules of its own.
	const sheets = [["vouch.css", "style/index.css"], ...list("app", ".tsx").map((entry) => [`${stem(entry)}.css`, `style/${stem(entry)}.css`])];

	for (const [name, source] of sheets.filter(([, at]) => existsSync(path.join(here, at)))) {
		const { outputFiles: [css] } = await esbuild.build({
			...common, entryPoints: [path.join(here, source)], target: ["chrome123", "firefox120", "safari17.5"],
			plugins: [{
				name: "font",
				setup(build) {
					build.onResolve({ filter: /vouch-sans\.woff2$/ }, () => ({ path: addressOf(files[0]), external: true }));
				},
			}],
		});

		files.push({ name, bytes: Buffer.from(css.contents) });
	}
	for (const file of list("static", "").filter((f) => path.extname(f) in TYPES))
		files.push({ name: path.basename(file), bytes: readFileSync(file) });
	return files;
}

/* ---- what goes into the gateway --------------------------------------------------- */

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);

/* "earner.en.js" -> "/assets/earner.en.HASH.js" */
function addressOf({ name, bytes }) {
	const ending = path.extname(name);

	return `/assets/${name.slice(0, -ending.length)}.${hashOf(bytes)}${ending}`;
}

const packers = {
	gz: (bytes) => promisify(zlib.gzip)(bytes, { level: 9 }),
	br: (bytes) => promisify(zlib.brotliCompress)(bytes, {
		params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
	}),
};

/* Writes one file, plain and packed; a packed one that saves nothing is left out. Returns its row. */
async function put(file) {
	const ending = path.extname(file.name), address = addressOf(file);
	const at = path.join(options.out, path.basename(address)), row = { ...file, address, at, type: TYPES[ending], sizes: {} };

	row.sizes.raw = file.bytes.length;
	if (!existsSync(at) || readFileSync(at).length !== file.bytes.length)
		writeFileSync(at, file.bytes);
	for (const [kind, pack] of Object.entries(packers)) {
		if (ending === ".woff2" || ending === ".png")
			continue;
		const packed = existsSync(`${at}.${kind}`) ? readFileSync(`${at}.${kind}`) : await pack(file.bytes);

		if (packed.length >= file.bytes.length)
			continue;
		writeFileSync(`${at}.${kind}`, packed);
		row.sizes[kind] = packed.length;
	}
	return row;
}

function tableOf(rows) {
	const symbol = (i, kind) => `asset_${i}_${kind}`;
	const bytes = (i, row, kind) => (kind in row.sizes ? `{${symbol(i, kind)}, ${row.sizes[kind]}}` : "{0}");
	let out = '/* Made by build.mjs. */\n#include "asset.h"\n\n';

	rows.forEach((row, i) => {
		for (const kind of Object.keys(row.sizes)) {
			const file = kind === "raw" ? row.at : `${row.at}.${kind}`;

			out += `extern const char ${symbol(i, kind)}[];\n__asm__(".section .rodata\\n.global ${symbol(i, kind)}\\n` +
				`${symbol(i, kind)}:\\n.incbin \\"${file}\\"\\n.byte 0\\n.previous\\n");\n`;
		}
	});
	out += "\nconst struct asset assets[] = {\n";
	rows.forEach((row, i) => {
		out += `\t{"${row.name}", "${row.address}", "${row.type}", ${bytes(i, row, "raw")}, ${bytes(i, row, "gz")}, ` +
			`${bytes(i, row, "br")}},\n`;
	});
	return `${out}};\nconst int assets_n = ${rows.length};\n`;
}

/* Files of earlier runs go: nothing names them. */
function sweep(rows) {
	const kept = new Set(rows.flatMap((row) => [row.at, `${row.at}.gz`, `${row.at}.br`]));

	for (const file of readdirSync(options.out))
		if (!kept.has(path.join(options.out, file)))
			rmSync(path.join(options.out, file), { recursive: true });
}

function report(rows) {
	for (const row of rows)
		console.log(`${row.name.padEnd(24)} ${String(row.sizes.raw).padStart(8)} gzip ${String(row.sizes.gz ?? "-").padStart(7)}` +
			` br ${String(row.sizes.br ?? "-").padStart(7)}`);
}

async function main() {
	const { errors, warnings } = compareCatalogues(all);

	for (const text of warnings)
		console.error(`locales: ${text}`);
	if (errors.length > 0)
		throw new Error(`locales: ${errors.join("\n")}`);
	mkdirSync(options.out, { recursive: true });
	const made = (await Promise.all([bundleApps(), bundleEnhancers(), bundleStyle()])).flat();

	made.sort((a, b) => (a.name < b.name ? -1 : 1));
	const rows = await Promise.all(made.map(put));

	sweep(rows);
	writeFileSync(options.table, tableOf(rows));
	report(rows);
}

try {
	if (options.declare !== undefined)
		writeFileSync(options.declare, declareCatalogue(all.get(SOURCE)));
	else if (options.tests !== undefined)
		await esbuild.build({
			...common, write: true, minify: false, entryPoints: list("test", ".test.ts"), outdir: options.tests,
			format: "esm", platform: "node", external: ["typescript"], outExtension: { ".js": ".mjs" }, sourcemap: "inline",
			plugins: [catalogue(compileCatalogue(all, SOURCE, [...all.get(SOURCE).keys()]))],
		});
	else
		await main();
} catch (e) {
	console.error(e.errors === undefined ? `build.mjs: ${e.message}` : "build.mjs: see above");
	process.exit(1);
}
