// One module a behaviour. `collectstatic` puts them all into this file.
import "./in-sight.js";
import "./open-elsewhere.js";
import "./alert.js";
import "./menu.js";
import "./failed-lists.js";
import "./automatic-requests.js";
import "./list-swaps.js";
import "./kept-place.js";
import "./send-again.js";
import "./bookmarklet.js";
import "./view-transitions.js";
import "./back-forward.js";
