/** One thing fetched from the server: its value, its error, and whether it is under way. */
export class Load<T> {
	data = $state.raw<T | null>(null);
	error = $state.raw<unknown>(null);
	loading = $state(false);
	private turn = 0;

	/** A later call wins over an earlier one, whichever reply comes first. */
	async run(f: () => Promise<T>): Promise<void> {
		const me = ++this.turn;
		const got = f();
		this.loading = true;
		try {
			const d = await got;
			if (me !== this.turn) return;
			this.data = d;
			this.error = null;
		} catch (e) {
			if (me === this.turn) this.error = e;
		} finally {
			if (me === this.turn) this.loading = false;
		}
	}
}
