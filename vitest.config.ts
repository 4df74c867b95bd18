import { defineConfig } from 'vitest/config';

/** A worker that searches for a minute answers the runner late; that is no failure of a test, and no result is lost by it. */
const LATE_ANSWER = /\[vitest-worker\]: Timeout calling "onTaskUpdate"/;

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**', 'test/host/**', '**/node_modules/**'],
		testTimeout: 120_000,
		hookTimeout: 120_000,
		teardownTimeout: 60_000,
		onUnhandledError: (error) => !LATE_ANSWER.test(error.message),
		// Four cores are shared with editors and browsers under test.
		poolOptions: { forks: { maxForks: 3 } },
	},
});
