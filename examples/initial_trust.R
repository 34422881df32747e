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
  fromJSON(paste(out, collapse = "\n"), simplifyVector = TRUE)
}
as_matrix <- function(x) matrix(as.numeric(x$values), nrow = length(x$rows), dimnames = list(x$rows, x$cols))
as_vector <- function(x) setNames(as.numeric(x$values), x$names)
as_frame <- function(x) type.convert(setNames(as.data.frame(x$rows), x$columns), as.is = TRUE)

fit <- trustpath("fit", model, data, "--consistent")
cat("n =", fit$n, " SRMR =", round(fit$srmr, 3), "\n")
print(round(as_vector(fit$rho_a), 3))
print(round(as_matrix(fit$path_coefficients), 3))

boot <- trustpath("bootstrap", model, data, "--consistent", "--resamples", "1000")
print(as_frame(boot$paths)[, c("name", "original", "sd", "p", "low", "high")])
