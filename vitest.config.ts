import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/e2e/**', 'test/host/**', '**/node_modules/**'],
		testTimeout: 120_000,
		hookTimeout: 120_000,
		teardownTimeout: 60_000,
		// Four cores are shared with editors and browsers under test.
		poolOptions: { forks: { maxForks: 3 } },
	},
});
