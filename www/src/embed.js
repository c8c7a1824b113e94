/*
 * The entry for other people's pages: <dag-demo> and window.dagdeck, and nothing of the deck or the
 * lab. It is built as dist/embed.js, under a name that does not change.
 */
import './demo/dag-demo.js';
import { publishApi } from './page/api.js';

publishApi();
