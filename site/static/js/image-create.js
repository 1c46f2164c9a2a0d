// The page that saves images. Only that page loads this.
import "./image-create/preview.js";
import "./image-create/list.js";
import "./image-create/fold.js";
import "./image-create/one-by-one.js";
import "./image-create/paste-and-drop.js";
