// /verify: a file that is chosen or dropped gives its signed token to the form; a picture carries it inside.
const form = document.getElementById("verify") as HTMLFormElement | null;
const field = document.getElementById("credential") as HTMLTextAreaElement | null;

/** The token of a file: the file itself, or what stands in a picture. A signature has 86 characters: in a picture other bytes follow. */
const tokenIn = (text: string) => /eyJ[\w-]+\.[\w-]+\.[\w-]{86}/.exec(text)?.[0];

async function take(file: File | undefined) {
	const error = form!.querySelector<HTMLElement>(".errmsg")!;

	if (!file)
		return;
	const token = file.size < 4 << 20 ? tokenIn(new TextDecoder("latin1").decode(await file.arrayBuffer())) : undefined;

	error.hidden = !!token;
	error.textContent = token ? "" : error.dataset.none ?? "";
	if (token) {
		field!.value = token;
		form!.submit();
	}
}

if (form && field) {
	const label = form.querySelector<HTMLElement>("[data-file]")!, input = label.querySelector("input")!;

	input.addEventListener("change", () => take(input.files?.[0]));
	form.addEventListener("dragover", (e) => e.preventDefault());
	form.addEventListener("drop", (e) => {
		e.preventDefault();
		take(e.dataTransfer?.files[0]);
	});
}
