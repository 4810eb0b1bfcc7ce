// Types of d3.js, for tsc.
export { bisector } from "d3-array";
export { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
export { scaleBand, scaleLinear, scaleLog } from "d3-scale";
export { arc, area, curveMonotoneX, line, pie, stack } from "d3-shape";
