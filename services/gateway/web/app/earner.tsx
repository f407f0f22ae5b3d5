// Pages that an earner works in.
import { render } from "preact";
import { boot } from "../lib/boot";
import { t } from "../lib/words";

const root = document.getElementById("app");

if (root !== null)
	render(<h1>{t("draft.title", { title: boot().view })}</h1>, root);
