/**
 * Node arguments of the dashboard: it collects garbage sooner. Without them, half of its memory is garbage of pages that were sent; with
 * them, it needs a quarter less memory and 15 % more CPU time.
 */
export const dashboardNodeArguments = ["--max-semi-space-size=8", "--heap-growing-percent=30"];
