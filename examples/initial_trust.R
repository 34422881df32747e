# From survey to verdicts, hypotheses and a figure, from R: the twin of initial_trust.rs.
# Run from the top folder after `cargo build --release`; needs the package jsonlite.

library(jsonlite)

program <- Sys.getenv("TRUSTPATH_CLI", "target/release/trustpath")
model <- "models/initial-trust.sem"
data <- "data/initial-trust.csv"

trustpath <- function(verb, ...) {
  out <- system2(program, c(verb, shQuote(c(...)), "--format", "json"), stdout = TRUE)
  status <- attr(out, "status")
  if (!is.null(status) && status != 0) stop("trustpath ended with status ", status)
  fromJSON(paste(out, collapse = "\n"), simplifyVector = FALSE)
}

# {"rows", "cols", "values"} is a matrix, {"names", "values"} a named vector, {"columns", "rows"} a data frame.
or_na <- function(cell) if (is.null(cell)) NA else cell
numbers <- function(cells) vapply(cells, function(cell) as.numeric(or_na(cell)), 0)
as_vector <- function(x) setNames(numbers(x$values), unlist(x$names))
as_matrix <- function(x) {
  values <- do.call(rbind, lapply(x$values, numbers))
  dimnames(values) <- list(unlist(x$rows), unlist(x$cols))
  values
}
as_frame <- function(x) {
  column <- function(at) unlist(lapply(x$rows, function(row) or_na(row[[at]])))
  as.data.frame(setNames(lapply(seq_along(x$columns), column), unlist(x$columns)))
}

fit <- trustpath("fit", model, data, "--consistent")
cat("n =", fit$n, " SRMR =", round(fit$srmr, 3), "\n")
print(round(as_vector(fit$rho_a), 3))
print(round(as_matrix(fit$path_coefficients), 3))

boot <- trustpath("bootstrap", model, data, "--consistent", "--resamples", "1000")
print(as_frame(boot$paths)[, c("name", "original", "sd", "p", "low", "high")])
