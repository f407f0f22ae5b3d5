// <button data-share>: hands the address of the page to whatever the device shares with, or copies it;
// <button data-copy="...">: copies that.
async function copy(text: string) {
	if (navigator.clipboard)
		return navigator.clipboard.writeText(text);
	// Where the page came without TLS there is no clipboard but the old one.
	const field = document.createElement("textarea");

	field.value = text;
	document.body.append(field);
	field.select();
	document.execCommand("copy");
	field.remove();
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button:is([data-share], [data-copy])")) {
	const url = button.dataset.copy ?? document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
	const words = button.querySelector("span")!, label = words.textContent;

	words.setAttribute("role", "status");
	button.addEventListener("click", async () => {
		try {
			if (navigator.share && !button.dataset.copy)
				return await navigator.share({ title: document.title, url });
			await copy(url);
			words.textContent = button.dataset.done ?? "";
			setTimeout(() => (words.textContent = label), 6000);
		} catch {
			// Whoever closes the sheet of the device wants nothing more.
		}
	});
}
