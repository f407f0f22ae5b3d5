// The studio of an issuer.
import { render } from "preact";
import { boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { Studio, VersionPage, type StudioBoot, type VersionBoot } from "../views/studio";

const views: { [view: string]: () => preact.JSX.Element } = {
	studio: () => <Studio boot={boot() as StudioBoot} />,
	version: () => <VersionPage boot={boot() as VersionBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}</Boundary>, root);
