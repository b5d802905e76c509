# What R survey 4.1-1 (R 4.2.2) says of 900 invented people under eleven designs, three of them once more with a stratum of
# one PSU: Rscript cases.R > cases.csv.  Each number is one row: case, key, name, value.  Read by
# tests/analysis/tables/test_statistics_table_r.py, which makes the same people with the same generator.

suppressMessages(library(survey))

lcg <- function(n, seed) {
  x <- seed
  r <- numeric(n)
  for (i in 1:n) { x <- (16807 * x) %% 2147483647; r[i] <- x / 2147483647 }
  r
}
u <- matrix(lcg(900 * 12, 20111), ncol = 12, byrow = TRUE)
k <- 1 + (u[, 2] > .4) + (u[, 2] > .7) + (u[, 2] > .9)
unit <- (k - 1) * 6 + floor(u[, 3] * 6)                                   # PSUs 0 to 23
d <- data.frame(community = c("C1", "C2", "C3")[1 + (u[, 1] > .45) + (u[, 1] > .8)], stratum = k, psu = unit,
                ssu = unit * 3 + floor(u[, 4] * 3), w = 0.5 + floor(8 * u[, 5]^2) / 4 + k / 2)
d$persons <- c(4000, 3500, 2500, 1000)[k]
d$psus <- c(80, 90, 120, 60)[k]
d$few <- c(12, 8, 20, 7)[k]
d$ssus <- 5 + unit %% 5
level <- lcg(24, 77)[unit + 1]
d$s <- pmin(5, pmax(1, 1 + floor(5 * (0.55 * u[, 6] + 0.25 * level + 0.2 * u[, 7]))))
d$y <- floor(20 + 40 * u[, 8] + 25 * level + 10 * (u[, 1] > .8))          # ties
d$z <- 1 + floor(4 * u[, 9])
d$v <- floor(1000 * (1 + u[, 10] + 8 * u[, 11]^4))                        # skewed
d$sex <- ifelse(u[, 12] < .46, "m", "f")
d$h <- pmin(3, 1 + floor(3 * (0.55 * ((5 * u[, 12]) %% 1) + 0.3 * u[, 6] + 0.15 * u[, 12])))
d$s[u[, 9] < .07] <- NA
d$y[u[, 10] < .05] <- NA
d$v[u[, 11] < .1] <- NA
d$some <- ifelse(u[, 7] < .06, 0, d$w)
adults <- c(C1 = 2000, C2 = 5000, C3 = 1500)
d$each <- adults[d$community] / ave(rep(1, 900), d$community, FUN = sum)
people <- expand.grid(community = c("C1", "C2", "C3"), sex = c("m", "f"), h = 1:3)
people$Freq <- c(300, 900, 250, 350, 1000, 200, 300, 800, 300, 250, 700, 200, 400, 700, 300, 400, 900, 250)

out <- list()
put <- function(case, key, x) out[[length(out) + 1]] <<- data.frame(case, key, name = names(x), x = as.vector(x))
# those who answered; a calibrated design keeps the others with weight 0, where NA would spoil its sums
of <- function(D, ...) {
  here <- rep(TRUE, nrow(D$variables))
  for (name in c(...)) here <- here & !is.na(D$variables[[name]])
  D <- D[here, ]
  for (name in c(...)) if (is.numeric(D$variables[[name]])) D$variables[[name]][is.na(D$variables[[name]])] <- 0
  D
}
told <- function(case, key, D, value, se, more = NULL) {
  df <- degf(D)
  put(case, key, c(value = value, se = se, low = value - qt(.975, df) * se, high = value + qt(.975, df) * se, df = df, more))
}
term <- function(x) as.formula(paste0("~", x))
linear <- function(case, key, D, o, ...) told(case, key, D, as.vector(coef(o)), as.vector(SE(o)), ...)
average <- function(case, key, D, x) {
  D <- of(D, x)
  linear(case, key, D, svymean(term(x), D), c(deff = as.vector(deff(svymean(term(x), D, deff = "replace")))))
}
total <- function(case, key, D, x) { D <- of(D, x); linear(case, key, D, svytotal(term(x), D)) }
spread <- function(case, key, D, x) {
  D <- of(D, x)
  o <- svyvar(term(x), D)
  told(case, key, D, sqrt(as.vector(coef(o))), as.vector(SE(o)) / (2 * sqrt(as.vector(coef(o)))))
}
ratio <- function(case, key, D, y, x) { D <- of(D, y, x); linear(case, key, D, svyratio(term(y), term(x), D)) }
quantiles <- function(case, key, D, x, p) {
  D <- of(D, x)
  o <- svyquantile(term(x), D, p, interval.type = "mean", qrule = "math", ci = TRUE, df = degf(D))[[1]]
  put(case, key, c(value = o[1, 1], low = o[1, 2], high = o[1, 3], se = o[1, 4], df = degf(D)))
}
share <- function(case, key, D, x, of_) {
  D <- of(D, x)
  D$variables$is_ <- as.numeric(D$variables[[x]] == of_)
  o <- svymean(~is_, D)
  ends <- as.vector(attr(svyciprop(~is_, D, method = "xlogit", df = degf(D)), "ci"))
  put(case, key, c(value = as.vector(coef(o)), se = as.vector(SE(o)), low = ends[1], high = ends[2], df = degf(D)))
}
cross <- function(case, key, D, a, b) {
  o <- svychisq(as.formula(paste0("~", a, "+", b)), of(D, a, b), statistic = "F")
  put(case, key, c(statistic = unname(o$statistic), df1 = unname(o$parameter[1]), df2 = unname(o$parameter[2]), p = unname(o$p.value)))
}
# svyby(covmat = TRUE) and svycontrast, written out: it does not take a domain of calibrated weights
apart <- function(case, key, D, x, g, i, j, sums = FALSE) {
  D <- of(D[D$variables[[g]] %in% c(i, j), ], x)
  for (k in 1:2) {
    D$variables[[paste0("n", k)]] <- as.numeric(D$variables[[g]] == c(i, j)[k])
    D$variables[[paste0("y", k)]] <- D$variables[[paste0("n", k)]] * D$variables[[x]]
  }
  o <- svycontrast(svytotal(~y1 + n1 + y2 + n2, D), if (sums) quote(y1 - y2) else quote(y1 / n1 - y2 / n2))
  e <- as.vector(coef(o)); s <- as.vector(SE(o)); df <- degf(D); half <- qt(.975, df) * s
  put(case, key, c(difference = e, difference_se = s, difference_df = df, difference_low = e - half, difference_high = e + half,
                   difference_p = 2 * pt(-abs(e / s), df)))
}

places <- c("C1", "C2", "C3")
few <- function(name, D) {
  average(paste0(name, "/mean"), "s", D, "s")
  for (g in places) average(paste0(name, "/mean by community"), g, subset(D, community == g), "y")
  for (g in places) total(paste0(name, "/total by community"), g, subset(D, community == g), "z")
  ratio(paste0(name, "/ratio"), "y/z", D, "y", "z")
  quantiles(paste0(name, "/quantile"), "0.5", D, "v", .5)
  apart(paste0(name, "/difference"), "C1", D, "y", "community", "C1", "C3")
}
every <- function(name, D, own = D) {                                      # own: weights of a community by itself
  few(name, D)
  average(paste0(name, "/mean"), "v", D, "v")
  average(paste0(name, "/mean where"), "f", subset(D, sex == "f" & h %in% c(2, 3)), "y")
  for (k in 1:5) share(paste0(name, "/share"), k, D, "s", k)
  for (g in c("f", "m")) ratio(paste0(name, "/ratio by sex"), g, subset(D, sex == g), "v", "z")
  for (p in c(.05, .25, .9, .95)) quantiles(paste0(name, "/quantile"), p, D, "v", p)
  for (x in c("s", "y")) quantiles(paste0(name, "/median"), x, D, x, .5)
  for (g in places) for (p in c(.1, .75)) quantiles(paste0(name, "/quantile by community"), paste(g, p), subset(own, community == g), "y", p)
  for (x in c("s", "v")) spread(paste0(name, "/sd"), x, D, x)
  cross(paste0(name, "/cross"), "h*sex", D, "h", "sex")
  apart(paste0(name, "/difference of totals"), "m", D, "z", "sex", "m", "f", TRUE)
}

every("random", svydesign(~1, weights = ~1, data = transform(d, one = 1)))
every("weights", svydesign(~1, weights = ~w, data = d))
every("strata", svydesign(~1, strata = ~stratum, weights = ~w, data = d))
every("strata_fpc", svydesign(~1, strata = ~stratum, weights = ~w, fpc = ~persons, data = d))
every("clusters", svydesign(~psu, strata = ~stratum, nest = TRUE, weights = ~w, data = d))
every("clusters_fpc", svydesign(~psu, strata = ~stratum, nest = TRUE, weights = ~w, fpc = ~psus, data = d))
every("two_stages", svydesign(~psu + ssu, strata = ~stratum, nest = TRUE, weights = ~w, fpc = ~few + ssus, data = d))
every("zero_weights", subset(svydesign(~psu, strata = ~stratum, nest = TRUE, weights = ~some, data = d), some > 0))
# sums of weights like 2000 / 405 round, and a share of exactly 3/4 may seem less in R: with weights of 1 it is what it is
every("by_community", svydesign(~1, strata = ~community, weights = ~each, data = d),
      svydesign(~1, strata = ~community, weights = ~1, data = d))
lonely <- d
lonely$psu[lonely$stratum == 4] <- 18
for (rule in c("certainty", "average", "adjust")) {
  options(survey.lonely.psu = rule)
  few(paste0("lonely_", rule), svydesign(~psu, strata = ~stratum, nest = TRUE, weights = ~w, data = lonely))
}
options(survey.lonely.psu = "remove")
b <- update(svydesign(~1, strata = ~community, weights = ~1, data = d), cs = paste(community, sex), ch = paste(community, h), csh = paste(community, sex, h))
sums <- function(...) {
  names_ <- c(...)
  t_ <- aggregate(people$Freq, people[names_], sum)
  setNames(data.frame(do.call(paste, t_[names_]), t_$x), c(paste(substr(names_, 1, 1), collapse = ""), "Freq"))
}
every("rake", rake(b, list(~cs, ~ch), list(sums("community", "sex"), sums("community", "h")), control = list(maxit = 2000, epsilon = 1e-13)))
every("poststratify", postStratify(b, ~csh, sums("community", "sex", "h")))

all <- do.call(rbind, out)
cat("case,key,name,x\n", sprintf("%s,%s,%s,%.15g\n", all$case, all$key, all$name, all$x), sep = "")
