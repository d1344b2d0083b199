/** Background that the charts are drawn on. */
export type ChartTheme = "light" | "dark";

/**
 * Colours of series, told apart with every common kind of colour blindness: the palette of Okabe and
 * Ito, "Color Universal Design", 2008 (jfly.uni-koeln.de/color), without its yellow (contrast 1.3 on
 * white), its black last and white on a dark ground. The first four keep a contrast of 3 to 1 on
 * both grounds; series differ in dash and mark as well, so colour never stands alone.
 */
export const seriesColours: Readonly<Record<ChartTheme, readonly string[]>> = {
  light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"],
  dark: ["#2b8fd0", "#e8731a", "#00b383", "#d98fb8", "#e69f00", "#56b4e9", "#ffffff"],
};

/** Dash patterns of series, in px of line and gap; the empty one is a solid line. */
export const seriesDashes: readonly (readonly number[])[] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
];

/** Most series that one plot may hold; more cannot be told apart. */
export const maxSeries = 12;

/** Colours of everything that is not data. */
export interface Neutrals {
  readonly background: string;
  readonly text: string;
  readonly mutedText: string;
  readonly grid: string;
  readonly axis: string;
  readonly faded: string;
}

/** Neutral colours of a theme; texts keep a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const neutrals: Readonly<Record<ChartTheme, Neutrals>> = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    mutedText: "#57606a",
    grid: "#e7e9ec",
    axis: "#8c959f",
    faded: "#8c959f",
  },
  dark: {
    background: "#16191f",
    text: "#e6e8eb",
    mutedText: "#a3abb5",
    grid: "#2c323a",
    axis: "#6b7480",
    faded: "#7d8794",
  },
};

/**
 * Colours of magnitudes, even in lightness for readers with and without colour vision: cividis,
 * Nuñez, Anderton and Renslow, PLoS ONE 13(7), 2018.
 */
export const magnitudeScheme = "cividis";
