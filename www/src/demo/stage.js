/*
 * What a demo shows its run on: the parts of the page that player.js uses. Types only, so that tests can put
 * other parts in their place.
 */

/** @import { Recording } from '../model/recording.js' */
/** @import { Nodes } from './nodes-panel.js' */
/** @import { createResult } from './result.js' */
/** @import { SettingsPanel } from './settings-panel.js' */
/** @import { DemoSituation } from './state-panel.js' */
/** @import { createViewsPanel } from './views-panel.js' */

/** @typedef {Omit<ReturnType<typeof createViewsPanel>, 'element' | 'setTheme' | 'draw' | 'dispose'>} ViewsPanel */
/** @typedef {ReturnType<typeof createResult>} ResultPanel */

/**
 * @typedef {Object} Stage
 * @property {Pick<SettingsPanel, keyof SettingsPanel>} panel
 * @property {ViewsPanel} views
 * @property {ResultPanel} result
 * @property {(situation: DemoSituation) => void} showState the labels of the buttons, and which of them are enabled
 * @property {(nodes: Nodes | null) => void} showNodes those of a cluster; null when none runs
 * @property {(recording: Recording, reason: string | null) => void} showRecording what is beside the views of a
 *   recording; `reason` says why it stands in for the live run, if it does
 */

export {};
