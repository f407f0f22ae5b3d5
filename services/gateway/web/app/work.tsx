// What an earner sees between writing: work, reviews, credentials, news, the account.
import { render } from "preact";
import { boot } from "../lib/boot";
import { Boundary } from "../parts/boundary";
import { Toasts } from "../parts/toast";
import { Account, type AccountBoot } from "../views/account";
import { Inbox, type InboxBoot } from "../views/inbox";
import { Preferences, type PreferencesBoot } from "../views/preferences";
import { Review, type ReviewBoot } from "../views/review";
import { Security, type SecurityBoot } from "../views/security";
import { Wallet, type WalletBoot } from "../views/wallet";
import { Work, type WorkBoot } from "../views/work";

const views: { [view: string]: () => preact.JSX.Element } = {
	work: () => <Work boot={boot() as WorkBoot} />,
	review: () => <Review boot={boot() as ReviewBoot} />,
	wallet: () => <Wallet boot={boot() as WalletBoot} />,
	inbox: () => <Inbox boot={boot() as InboxBoot} />,
	account: () => <Account boot={boot() as AccountBoot} />,
	security: () => <Security boot={boot() as SecurityBoot} />,
	preferences: () => <Preferences boot={boot() as PreferencesBoot} />,
};
const root = document.getElementById("app"), view = views[boot().view];

if (root !== null && view !== undefined)
	render(<Boundary>{view()}<Toasts /></Boundary>, root);
