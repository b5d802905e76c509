# Computes the subjective points (300) of every community again, with R and its package survey, from the
# pseudonymous responses beside this file, and compares them with the scores that were published.
#
#     Rscript verify.R
#
# Prints a line a community: what was published, what R finds, and the largest relative difference between the two
# over the total, every dimension, their standard errors, the interval and the calibrated weights.  Ends with status
# 1 if one of them is above the tolerance, 2 if package survey is not there.  Only R's own functions decide:
# svydesign, subset, rake / postStratify, svytotal and svycontrast (delta method); svrepdesign and withReplicates where
# a survey team brought replicate weights.

TOLERANCE <- 1e-10

if (!suppressWarnings(suppressMessages(require(survey, quietly = TRUE)))) {
  cat("The R package survey is not installed: install.packages(\"survey\")\n")
  quit(status = 2)
}

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
here <- if (length(script)) dirname(script[1]) else "."
read <- function(from, ...) {
  read.csv(file.path(here, from), encoding = "UTF-8", check.names = FALSE, na.strings = "",
           stringsAsFactors = FALSE, colClasses = c(...))
}
responses <- read("responses.csv", community = "character", id = "character")
points <- read("points.csv", community = "character", item = "character", dimension = "character")
margins <- read("margins.csv", community = "character")
replicates <- read("replicates.csv", sample = "integer")
scores <- read("scores.csv", community = "character", name = "character", note = "character")
given <- read("settings.csv", key = "character", value = "character")
setting <- function(key) given$value[given$key == key]

lonely <- setting("lonely_psu")
options(survey.lonely.psu = if (lonely == "unknown") "remove" else lonely)

# the scored responses of one community as a domain of its strata, weighted to its population where that was done
sample_of <- function(code) {
  inside <- !is.na(responses$community) & responses$community == code & responses$scored == 1 & responses$weight > 0
  rows <- responses$stratum %in% responses$stratum[inside]
  part <- responses[rows, ]
  part$inside <- inside[rows]
  items <- paste0("item_", points$item[points$community == code])
  for (j in seq_along(items)) {
    y <- part[[items[j]]]
    part[[paste0("r", j)]] <- as.numeric(!is.na(y))
    part[[paste0("x", j)]] <- ifelse(is.na(y), 0, y)
  }
  for (k in unique(replicates$sample)) {
    mine <- replicates[replicates$sample == k, ]
    weights <- as.matrix(part[paste0("rep_", k, "_", mine$replicate)])
    if (!anyNA(weights[part$inside, ])) return(replicated(part[part$inside, ], weights[part$inside, ], mine))
  }
  two <- "fpc2" %in% names(part)
  fpc <- if (two) ~fpc + fpc2 else if ("fpc" %in% names(part)) ~fpc else NULL
  design <- svydesign(ids = if (two) ~psu + ssu else ~psu, strata = ~stratum, weights = ~base_weight, fpc = fpc, data = part)
  calibrated(subset(design, inside), margins[margins$community == code, ])
}

# replicate weights that the survey team brought
replicated <- function(part, weights, mine) {
  svrepdesign(data = part, weights = ~base_weight, repweights = weights, type = "other", combined.weights = TRUE,
              scale = 1, rscales = mine$factor, mse = mine$mse[1] == 1)
}

calibrated <- function(s, targets) {
  if (nrow(targets) == 0) return(s)
  which <- unique(targets$margin)
  names <- paste0("margin_", which)
  population <- lapply(which, function(k) {
    mine <- targets[targets$margin == k, ]
    setNames(data.frame(mine$class, mine$population), c(paste0("margin_", k), "Freq"))
  })
  formulas <- lapply(names, function(name) as.formula(paste0("~", name)))
  if (setting("weighting") == "poststratify") {
    s <- postStratify(s, formulas[[1]], population[[1]])
  } else {
    s <- rake(s, formulas, population, control = list(maxit = 2000, epsilon = 1e-12))
  }
  if (setting("trim") != "none") s <- trimmed(s)
  s
}

# trimmed weights are taken as they are, the residuals stay those of the calibration
trimmed <- function(s) {
  w <- s$variables$weight
  s$prob <- 1 / w
  last <- length(s$postStrata)
  if (inherits(s$postStrata[[last]], "raking")) {
    for (k in seq_along(s$postStrata[[last]])) attr(s$postStrata[[last]][[k]], "weights") <- w
  } else {
    attr(s$postStrata[[last]], "weights") <- w
  }
  s
}

# total and dimensions of one community: value, standard error, degrees of freedom
recomputed <- function(code) {
  s <- sample_of(code)
  mine <- points[points$community == code, ]
  terms <- sprintf("%.17g/100*x%d/r%d", mine$points, seq_len(nrow(mine)), seq_len(nrow(mine)))
  sums <- c(list(subjective = terms), split(terms, paste0("subjective_", mine$dimension)))
  formulas <- lapply(sums, function(some) parse(text = paste(some, collapse = "+"))[[1]])
  columns <- paste0(c("x", "r"), rep(seq_len(nrow(mine)), each = 2))
  if (inherits(s, "svyrep.design")) {
    found <- withReplicates(s, function(w, data) {
      totals <- as.list(colSums(w * data[columns]))
      sapply(formulas, eval, totals)
    })
  } else {
    found <- svycontrast(svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), s), formulas)
  }
  value <- as.vector(coef(found))
  error <- sqrt(diag(as.matrix(vcov(found))))
  df <- degf(s)
  half <- if (df > 0) qt(0.975, df) * error[["subjective"]] else NA
  names(value) <- names(error) <- names(sums)
  ends <- pmin(pmax(value[["subjective"]] + c(-1, 1) * half, 0), sum(mine$points))
  list(values = c(value, setNames(error, paste0(names(sums), "_se")), subjective_df = df,
                  subjective_low = ends[1], subjective_high = ends[2]),
       weights = apart(s$variables$weight / sum(s$variables$weight), weights_of(s) / sum(weights_of(s)), 0))
}

weights_of <- function(s) if (inherits(s, "svyrep.design")) weights(s, type = "sampling") else weights(s)

# largest relative difference; what both know to be nothing but rounding (below noise) is equal
apart <- function(ours, theirs, noise) {
  size <- pmax(abs(ours), abs(theirs))
  max(ifelse(size <= noise, 0, abs(ours - theirs) / size))
}

cat(sprintf("%s, R %s, survey %s, tolerance %g\n", setting("title"), getRversion(), packageVersion("survey"), TOLERANCE))
cat(sprintf("%-12s %14s %14s %12s %12s %10s\n", "community", "published", "R", "se", "R se", "largest"))
worst <- 0
checked <- 0
for (i in seq_len(nrow(scores))) {
  row <- scores[i, ]
  head <- sprintf("%-12s", row$community)
  if (!row$community %in% points$community) {
    cat(head, "not recomputed:", row$note, "\n")
    next
  }
  again <- recomputed(row$community)
  shared <- intersect(names(again$values), names(row))
  shared <- shared[!is.na(unlist(row[shared]))]
  noise <- 1e-12 * abs(row$subjective)
  each <- sapply(shared, function(name) apart(row[[name]], again$values[[name]], noise))
  largest <- max(each, again$weights)
  worst <- max(worst, largest)
  checked <- checked + 1
  cat(head, sprintf("%14.8f %14.8f %12.8f %12.8f %10.1e%s\n", row$subjective, again$values[["subjective"]],
                    row$subjective_se, again$values[["subjective_se"]], largest,
                    ifelse(is.na(largest) || largest > TOLERANCE, paste("  DIFFERS:", names(which.max(each))), "")))
}
if (checked == 0) {
  cat("Nothing to recompute.\n")
  quit(status = 1)
}
cat(sprintf("%d communities, largest relative difference %.1e: %s\n", checked, worst,
            ifelse(is.na(worst) || worst > TOLERANCE, "DIFFERENT", "the same")))
if (is.na(worst) || worst > TOLERANCE) quit(status = 1)
