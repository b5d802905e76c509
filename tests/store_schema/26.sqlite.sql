CREATE TABLE accounts (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	folded VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	password VARCHAR,
	password_at VARCHAR(40),
	created_at VARCHAR(40) NOT NULL,
	created_by VARCHAR NOT NULL,
	disabled_at VARCHAR(40),
	signed_in_at VARCHAR(40),
	PRIMARY KEY (id),
	UNIQUE (folded)
);

CREATE TABLE audit (
	id INTEGER NOT NULL,
	at VARCHAR(40) NOT NULL,
	who VARCHAR NOT NULL,
	action VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	detail JSON NOT NULL,
	address VARCHAR DEFAULT '' NOT NULL,
	outcome VARCHAR DEFAULT 'done' NOT NULL,
	chain VARCHAR DEFAULT '' NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE batches (
	id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	version_id INTEGER,
	file VARCHAR NOT NULL,
	file_hash VARCHAR NOT NULL,
	sheet VARCHAR NOT NULL,
	sample_type VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	created_at VARCHAR(40) NOT NULL,
	state VARCHAR NOT NULL,
	counts JSON NOT NULL,
	options JSON NOT NULL,
	PRIMARY KEY (id)
);

CREATE UNIQUE INDEX one_active_batch ON batches (kind, target, file_hash, sheet) WHERE state = 'active';

CREATE TABLE communities (
	id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	code VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	aliases JSON NOT NULL,
	sub_district VARCHAR NOT NULL,
	district VARCHAR NOT NULL,
	adult_population INTEGER,
	type VARCHAR NOT NULL,
	feature VARCHAR NOT NULL,
	valid_from VARCHAR,
	valid_to VARCHAR,
	successor VARCHAR NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (code)
);

CREATE TABLE counters (
	name VARCHAR NOT NULL,
	next INTEGER NOT NULL,
	PRIMARY KEY (name)
);

CREATE TABLE drafts (
	account VARCHAR NOT NULL,
	form VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	content BLOB NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (account, form)
)
 WITHOUT ROWID;

CREATE TABLE due_dates (
	year INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	due VARCHAR NOT NULL,
	PRIMARY KEY (year, kind)
)
 WITHOUT ROWID;

CREATE TABLE english_names (
	name VARCHAR NOT NULL,
	name_en VARCHAR NOT NULL,
	PRIMARY KEY (name)
)
 WITHOUT ROWID;

CREATE TABLE funds (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	payer VARCHAR NOT NULL,
	amount INTEGER NOT NULL,
	document VARCHAR NOT NULL,
	date VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	street VARCHAR DEFAULT '' NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX ix_funds_year ON funds (year);

CREATE TABLE mappings (
	questionnaire VARCHAR NOT NULL,
	fingerprint VARCHAR NOT NULL,
	mapping TEXT NOT NULL,
	file VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	saved_at VARCHAR(40) NOT NULL,
	PRIMARY KEY (questionnaire, fingerprint)
);

CREATE TABLE meta (
	"key" VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY ("key")
);

CREATE TABLE originals (
	file_hash VARCHAR NOT NULL,
	key_id VARCHAR NOT NULL,
	size INTEGER NOT NULL,
	kept_at VARCHAR(40) NOT NULL,
	PRIMARY KEY (file_hash)
);

CREATE TABLE payload_sums (
	kind VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	sum VARCHAR NOT NULL,
	PRIMARY KEY (kind, number)
)
 WITHOUT ROWID;

CREATE TABLE phone_secrets (
	questionnaire VARCHAR NOT NULL,
	year INTEGER NOT NULL,
	key_id VARCHAR,
	secret BLOB,
	PRIMARY KEY (questionnaire, year)
);

CREATE TABLE program_tokens (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	folded VARCHAR NOT NULL,
	mark VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	created_at VARCHAR(40) NOT NULL,
	created_by VARCHAR NOT NULL,
	until VARCHAR(40) NOT NULL,
	seen_at VARCHAR(40),
	revoked_at VARCHAR(40),
	PRIMARY KEY (id),
	UNIQUE (folded),
	UNIQUE (mark)
);

CREATE TABLE questionnaires (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	form JSON NOT NULL,
	workbook BLOB,
	added_at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name, version)
);

CREATE TABLE schemes (
	id INTEGER NOT NULL,
	code VARCHAR NOT NULL,
	version INTEGER NOT NULL,
	first_year INTEGER,
	definition JSON NOT NULL,
	workbook BLOB,
	added_at VARCHAR(40) NOT NULL,
	author VARCHAR DEFAULT '' NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	after_fieldwork JSON DEFAULT '[]' NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (code, version)
);

CREATE TABLE settings (
	"key" VARCHAR NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY ("key")
);

CREATE TABLE sign_in_attempts (
	id INTEGER NOT NULL,
	mark VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX ix_sign_in_attempts_mark ON sign_in_attempts (mark);

CREATE TABLE views (
	id INTEGER NOT NULL,
	owner VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	path VARCHAR NOT NULL,
	"query" TEXT NOT NULL,
	shared BOOLEAN NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (owner, name)
);

CREATE TABLE word_codes (
	id INTEGER NOT NULL,
	questionnaire VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	keywords JSON NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (questionnaire, question, name)
);

CREATE TABLE years (
	year INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	data_version INTEGER NOT NULL,
	closed_at VARCHAR(40),
	PRIMARY KEY (year)
);

CREATE TABLE account_scopes (
	account_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY (account_id, kind, value),
	FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 WITHOUT ROWID;

CREATE TABLE account_tokens (
	mark VARCHAR NOT NULL,
	account_id INTEGER NOT NULL,
	until VARCHAR(40) NOT NULL,
	PRIMARY KEY (mark),
	FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_account_tokens_account_id ON account_tokens (account_id);

CREATE TABLE analyses (
	year INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	parameters VARCHAR NOT NULL,
	scheme_id INTEGER NOT NULL,
	data_version INTEGER NOT NULL,
	created_at VARCHAR(40) NOT NULL,
	payload TEXT NOT NULL,
	PRIMARY KEY (year, name, parameters),
	FOREIGN KEY(scheme_id) REFERENCES schemes (id)
);

CREATE TABLE calls (
	id INTEGER NOT NULL,
	batch_id INTEGER NOT NULL,
	questionnaire VARCHAR NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	respondent VARCHAR,
	attempt INTEGER NOT NULL,
	numbered BOOLEAN NOT NULL,
	at VARCHAR,
	duration DOUBLE,
	interviewer VARCHAR,
	outcome VARCHAR NOT NULL,
	sheet VARCHAR,
	"row" INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_calls_batch_id ON calls (batch_id);

CREATE INDEX ix_calls_year ON calls (year);

CREATE TABLE community_facts (
	community_id INTEGER NOT NULL,
	from_year INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	sub_district VARCHAR NOT NULL,
	district VARCHAR NOT NULL,
	adult_population INTEGER,
	type VARCHAR NOT NULL,
	feature VARCHAR NOT NULL,
	valid_from VARCHAR,
	valid_to VARCHAR,
	successor VARCHAR NOT NULL,
	PRIMARY KEY (community_id, from_year),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE TABLE contacts (
	token VARCHAR NOT NULL,
	batch_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	key_id VARCHAR NOT NULL,
	mark BLOB NOT NULL,
	phone BLOB NOT NULL,
	name BLOB,
	created_at VARCHAR(40) NOT NULL,
	PRIMARY KEY (token),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_contacts_year ON contacts (year);

CREATE TABLE decisions (
	batch_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	action VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	sheet VARCHAR NOT NULL,
	cell VARCHAR NOT NULL,
	"row" INTEGER NOT NULL,
	header VARCHAR NOT NULL,
	"before" TEXT NOT NULL,
	"after" TEXT NOT NULL,
	reason TEXT NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (batch_id, position),
	FOREIGN KEY(batch_id) REFERENCES batches (id)
);

CREATE TABLE disbursements (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER NOT NULL,
	payer VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	amount INTEGER NOT NULL,
	voucher VARCHAR NOT NULL,
	date VARCHAR NOT NULL,
	note TEXT NOT NULL,
	ref INTEGER,
	approved_by VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(community_id) REFERENCES communities (id),
	FOREIGN KEY(ref) REFERENCES disbursements (id)
);

CREATE INDEX ix_disbursements_year ON disbursements (year);

CREATE TABLE findings (
	batch_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	code VARCHAR NOT NULL,
	level VARCHAR NOT NULL,
	scope VARCHAR NOT NULL,
	sheet VARCHAR NOT NULL,
	cell VARCHAR NOT NULL,
	"row" INTEGER NOT NULL,
	header VARCHAR NOT NULL,
	params JSON NOT NULL,
	PRIMARY KEY (batch_id, position),
	FOREIGN KEY(batch_id) REFERENCES batches (id)
);

CREATE TABLE indicator_reviews (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER NOT NULL,
	indicator VARCHAR NOT NULL,
	content TEXT NOT NULL,
	outcome VARCHAR NOT NULL,
	reason TEXT NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX reviews_by_year ON indicator_reviews (year, community_id);

CREATE TABLE indicator_values (
	id INTEGER NOT NULL,
	batch_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER NOT NULL,
	indicator VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	value DOUBLE,
	value_text VARCHAR,
	self_score DOUBLE,
	assessor VARCHAR NOT NULL,
	assessor_score DOUBLE,
	method VARCHAR,
	date VARCHAR,
	evidence TEXT,
	exempt BOOLEAN NOT NULL,
	note TEXT,
	sheet VARCHAR,
	"row" INTEGER,
	reason TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_indicator_values_batch_id ON indicator_values (batch_id);

CREATE INDEX ix_indicator_values_year ON indicator_values (year);

CREATE TABLE original_chunks (
	file_hash VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (file_hash, position),
	FOREIGN KEY(file_hash) REFERENCES originals (file_hash)
);

CREATE TABLE plans (
	year INTEGER NOT NULL,
	community_id INTEGER NOT NULL,
	mode VARCHAR NOT NULL,
	wanted INTEGER NOT NULL,
	PRIMARY KEY (year, community_id, mode),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE TABLE population (
	community_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	sex VARCHAR NOT NULL,
	age_band VARCHAR NOT NULL,
	population DOUBLE NOT NULL,
	PRIMARY KEY (community_id, year, sex, age_band),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE TABLE program_scopes (
	token_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY (token_id, kind, value),
	FOREIGN KEY(token_id) REFERENCES program_tokens (id)
)
 WITHOUT ROWID;

CREATE TABLE removals (
	id INTEGER NOT NULL,
	at VARCHAR(40) NOT NULL,
	who VARCHAR NOT NULL,
	reason TEXT NOT NULL,
	kind VARCHAR NOT NULL,
	batch_id INTEGER NOT NULL,
	questionnaire VARCHAR NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	mark BLOB,
	responses INTEGER NOT NULL,
	calls INTEGER NOT NULL,
	contacts INTEGER NOT NULL,
	closed BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_removals_year ON removals (year);

CREATE TABLE response_counts (
	batch_id INTEGER NOT NULL,
	form_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	mode VARCHAR,
	n INTEGER NOT NULL,
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(form_id) REFERENCES questionnaires (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_response_counts_batch_id ON response_counts (batch_id);

CREATE INDEX ix_response_counts_year ON response_counts (year);

CREATE TABLE responses (
	id INTEGER NOT NULL,
	batch_id INTEGER NOT NULL,
	form_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	mode VARCHAR,
	respondent VARCHAR,
	household VARCHAR,
	interviewer VARCHAR,
	weight DOUBLE,
	psu VARCHAR,
	stratum VARCHAR,
	fpc DOUBLE,
	sex VARCHAR,
	age DOUBLE,
	age_band VARCHAR,
	started VARCHAR,
	ended VARCHAR,
	submitted VARCHAR,
	duration DOUBLE,
	disposition VARCHAR,
	sheet VARCHAR,
	"row" INTEGER,
	answers_hash VARCHAR,
	answers BLOB NOT NULL,
	ssu VARCHAR,
	fpc2 DOUBLE,
	PRIMARY KEY (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(form_id) REFERENCES questionnaires (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_responses_batch_id ON responses (batch_id);

CREATE INDEX responses_by_community ON responses (community_id, year);

CREATE TABLE results (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	scheme_id INTEGER NOT NULL,
	data_version INTEGER NOT NULL,
	created_at VARCHAR(40) NOT NULL,
	reason TEXT NOT NULL,
	approved_by VARCHAR NOT NULL,
	payload TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scheme_id) REFERENCES schemes (id)
);

CREATE INDEX ix_results_year ON results (year);

CREATE TABLE sessions (
	mark VARCHAR NOT NULL,
	account_id INTEGER NOT NULL,
	began_at VARCHAR(40) NOT NULL,
	seen_at VARCHAR(40) NOT NULL,
	PRIMARY KEY (mark),
	FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_sessions_account_id ON sessions (account_id);

CREATE TABLE tallies (
	batch_id INTEGER NOT NULL,
	community_id INTEGER,
	year INTEGER,
	mode VARCHAR,
	received INTEGER NOT NULL,
	duplicate INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	stored INTEGER NOT NULL,
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_tallies_batch_id ON tallies (batch_id);

CREATE INDEX ix_tallies_year ON tallies (year);

CREATE TABLE tasks (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	action TEXT NOT NULL,
	person VARCHAR NOT NULL,
	deadline VARCHAR NOT NULL,
	progress VARCHAR NOT NULL,
	file VARCHAR NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX tasks_of_a_year ON tasks (year, community_id);

CREATE TABLE coded_answers (
	response_id INTEGER NOT NULL,
	question SMALLINT NOT NULL,
	codes JSON NOT NULL,
	in_turn BOOLEAN NOT NULL,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	PRIMARY KEY (response_id, question),
	FOREIGN KEY(response_id) REFERENCES responses (id)
)
 WITHOUT ROWID;

CREATE TABLE contact_links (
	token VARCHAR NOT NULL,
	response_id INTEGER NOT NULL,
	PRIMARY KEY (token),
	FOREIGN KEY(token) REFERENCES contacts (token),
	FOREIGN KEY(response_id) REFERENCES responses (id)
)
 WITHOUT ROWID;

CREATE INDEX ix_contact_links_response_id ON contact_links (response_id);

CREATE TABLE current_results (
	year INTEGER NOT NULL,
	scheme_code VARCHAR NOT NULL,
	result_id INTEGER NOT NULL,
	PRIMARY KEY (year, scheme_code),
	FOREIGN KEY(result_id) REFERENCES results (id)
);

CREATE TABLE cycle_events (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	kind VARCHAR NOT NULL,
	star INTEGER,
	total DOUBLE,
	body VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	outcome VARCHAR NOT NULL,
	document VARCHAR NOT NULL,
	date VARCHAR NOT NULL,
	until VARCHAR NOT NULL,
	months INTEGER,
	reason TEXT NOT NULL,
	ref INTEGER,
	result_id INTEGER,
	who VARCHAR NOT NULL,
	at VARCHAR(40) NOT NULL,
	street VARCHAR DEFAULT '' NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(community_id) REFERENCES communities (id),
	FOREIGN KEY(ref) REFERENCES cycle_events (id),
	FOREIGN KEY(result_id) REFERENCES results (id)
);

CREATE INDEX ix_cycle_events_year ON cycle_events (year);

CREATE TABLE replaced_responses (
	response_id INTEGER NOT NULL,
	batch_id INTEGER NOT NULL,
	by_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	community_id INTEGER,
	PRIMARY KEY (response_id, batch_id),
	FOREIGN KEY(response_id) REFERENCES responses (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(by_id) REFERENCES responses (id),
	FOREIGN KEY(community_id) REFERENCES communities (id)
);

CREATE INDEX ix_replaced_responses_batch_id ON replaced_responses (batch_id);

CREATE INDEX ix_replaced_responses_by_id ON replaced_responses (by_id);

CREATE TABLE response_choices (
	response_id INTEGER NOT NULL,
	question SMALLINT NOT NULL,
	value SMALLINT NOT NULL,
	PRIMARY KEY (response_id, question, value),
	FOREIGN KEY(response_id) REFERENCES responses (id)
)
 WITHOUT ROWID;

CREATE TABLE response_numbers (
	response_id INTEGER NOT NULL,
	question SMALLINT NOT NULL,
	value DOUBLE NOT NULL,
	PRIMARY KEY (response_id, question),
	FOREIGN KEY(response_id) REFERENCES responses (id)
)
 WITHOUT ROWID;

CREATE TABLE response_replicates (
	response_id INTEGER NOT NULL,
	weights BLOB NOT NULL,
	PRIMARY KEY (response_id),
	FOREIGN KEY(response_id) REFERENCES responses (id)
);

CREATE TABLE response_runs (
	first_id INTEGER NOT NULL,
	last_id INTEGER NOT NULL,
	batch_id INTEGER NOT NULL,
	form_id INTEGER NOT NULL,
	constants JSON NOT NULL,
	answers_sum VARCHAR,
	PRIMARY KEY (first_id),
	FOREIGN KEY(first_id) REFERENCES responses (id),
	FOREIGN KEY(last_id) REFERENCES responses (id),
	FOREIGN KEY(batch_id) REFERENCES batches (id),
	FOREIGN KEY(form_id) REFERENCES questionnaires (id)
);

CREATE INDEX ix_response_runs_batch_id ON response_runs (batch_id);

CREATE TABLE response_texts (
	response_id INTEGER NOT NULL,
	question SMALLINT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (response_id, question),
	FOREIGN KEY(response_id) REFERENCES responses (id)
)
 WITHOUT ROWID;
