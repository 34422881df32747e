# CPU seconds that seminr or cSEM needs for a number of bootstrap resamples of a model file (one process).
# Usage: Rscript run.R seminr|cSEM MODEL DATA RESAMPLES
args <- commandArgs(trailingOnly = TRUE)
lines <- trimws(sub("#.*", "", readLines(args[2], encoding = "UTF-8")))
parts <- function(text) trimws(strsplit(text, "+", fixed = TRUE)[[1]])
measured <- lines[grepl("=~", lines, fixed = TRUE)]
paths <- lines[grepl("~", lines, fixed = TRUE) & !grepl("=~", lines, fixed = TRUE)]
split <- function(line, mark) trimws(strsplit(line, mark, fixed = TRUE)[[1]])
blocks <- lapply(measured, function(line) parts(split(line, "=~")[2]))
names(blocks) <- vapply(measured, function(line) split(line, "=~")[1], "")
answers <- read.csv(args[3])[unlist(blocks)]
answers[] <- lapply(answers, function(x) ifelse(is.na(x), mean(x, na.rm = TRUE), x))
resamples <- as.integer(args[4])
seconds <- function(expression) {
  taken <- system.time(expression)
  sum(taken[c("user.self", "sys.self", "user.child", "sys.child")], na.rm = TRUE)
}
plain <- sub("[A-Za-z0-9_]+\\*", "", paths)
if (args[1] == "seminr") {
  suppressMessages(library(seminr))
  constructs <- do.call(seminr::constructs, unname(Map(function(name, items)
    composite(name, items, weights = correlation_weights), names(blocks), blocks)))
  structure <- do.call(seminr::relationships, lapply(plain, function(line)
    seminr::paths(from = parts(split(line, "~")[2]), to = split(line, "~")[1])))
  fit <- estimate_pls(answers, constructs, structure)
  taken <- seconds(bootstrap_model(fit, nboot = resamples, cores = 1, seed = 1))
} else {
  suppressMessages(library(cSEM))
  text <- c(plain, sub("=~", "<~", measured, fixed = TRUE))
  run <- function(method) csem(answers, paste(text, collapse = "\n"), .disattenuate = FALSE,
    .PLS_modes = "modeA", .tolerance = 1e-7, .resample_method = method, .R = resamples, .eval_plan = "sequential")
  taken <- seconds(run("bootstrap")) - seconds(run("none"))
}
cat(taken, "\n")
