import * as v from 'valibot';
import './stepper';
import { type FromView, ToViewSchema } from './protocol';
import { type KeptState, KeptStateSchema } from './kept-state';
import type { RaceStepper } from './stepper';

/** What the editor gives a webview's page. */
interface VsCodeApi {
	postMessage(message: FromView): void;
	getState(): unknown;
	setState(state: KeptState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const stepper = document.querySelector<RaceStepper>('race-stepper');
if (!stepper) throw new Error('the page has no <race-stepper>');

const kept = v.safeParse(KeptStateSchema, api.getState());
stepper.post = (message) => api.postMessage(message);
stepper.keep = (state) => api.setState(state);
if (kept.success) stepper.restore(kept.output);

window.addEventListener('message', (event: MessageEvent<unknown>) => {
	const message = v.safeParse(ToViewSchema, event.data);
	if (message.success) stepper.receive(message.output);
	else console.error('not a message of the stepper\'s protocol', message.issues[0]?.message);
});
api.postMessage({ kind: 'ready', key: kept.success ? kept.output.key : '' });
