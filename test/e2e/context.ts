import type { Browser } from 'playwright-core';
import type { EditorServer } from '../../scripts/rig/server';
import type { TestWorkspace } from './workspace';

/** What cases need beside the page they drive. */
export interface CaseContext {
	readonly root: string;
	/** The extension under test, from its folder. */
	readonly extension: string;
	readonly server: EditorServer;
	readonly workspace: TestWorkspace;
	readonly browser: Browser;
	readonly pictures: string;
}
