// Data of the server for a component: fetched, kept while it is fetched anew, with its problem.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Result } from "./api";
import type { Problem } from "./problem";

export interface Resource<T> {
	data: T | undefined; // the last that came
	problem: Problem | null; // of the last attempt
	loading: boolean;
	reload: () => void;
	set: (data: T) => void; // what another answer brought
}

/*
 * Calls ASK when KEY changes (null: not at all) and on reload(). An answer that comes
 * after a later question is thrown away.
 */
export function useResource<T>(key: string | null, ask: (signal: AbortSignal) => Promise<Result<T>>, first?: T): Resource<T> {
	const [data, set] = useState<T | undefined>(first);
	const [problem, setProblem] = useState<Problem | null>(null);
	const [loading, setLoading] = useState(first === undefined && key !== null);
	const [turn, setTurn] = useState(0);
	const asking = useRef(ask), skip = useRef(first !== undefined);

	asking.current = ask;
	useEffect(() => {
		if (key === null)
			return undefined;
		if (skip.current) {
			skip.current = false;
			return undefined;
		}

		const abort = new AbortController();

		setLoading(true);
		void asking.current(abort.signal).then((result) => {
			if (abort.signal.aborted)
				return;
			setLoading(false);
			setProblem(result.ok ? null : result.problem);
			if (result.ok)
				set(result.data);
		});
		return () => abort.abort();
	}, [key, turn]);
	return { data, problem, loading, reload: useCallback(() => setTurn((n) => n + 1), []), set };
}
