// links: credential_service
/*
 * The credential service on a real database: an award becomes one credential,
 * which verifies, and nothing else does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#include "baked.h"
#include "credential.rpc.h"
#include "jws.h"

extern const struct service credential_service;

#define ISSUER "riverbend"

static char folder[] = "/tmp/vouch-keys-XXXXXX";
static const struct who nobody = {"", ISSUER, {0}};

static char *
earner(void)
{
	return uuid_of(1);
}

static void
know_everything(void)
{
	Vouch__AccountChanged person = VOUCH__ACCOUNT_CHANGED__INIT;
	Vouch__IssuerChanged issuer = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__MicroCredentialPublished version = VOUCH__MICRO_CREDENTIAL_PUBLISHED__INIT;
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;

	person.account_id = earner();
	person.version = 2;
	person.name = "Ada Example";
	assert_true(hear("", &rpc_credentials_on_account_changed, &person, ""));
	issuer.issuer_id = ISSUER;
	issuer.version = 1;
	issuer.name = "Riverbend";
	assert_true(hear(ISSUER, &rpc_credentials_on_issuer_changed, &issuer, ""));
	document.key = "coaching";
	document.title = "Coaching";
	document.competency = "Plans coaching.";
	version.micro_credential_id = uuid_of(9);
	version.version = 1;
	version.document = &document;
	assert_true(hear(ISSUER, &rpc_credentials_on_micro_credential_published, &version, ""));
}

static bool
decide(unsigned submission, Vouch__Outcome outcome, const char *key)
{
	Vouch__SubmissionDecided event = VOUCH__SUBMISSION_DECIDED__INIT;

	event.submission_id = uuid_of(submission);
	event.earner_id = earner();
	event.micro_credential_id = uuid_of(9);
	event.micro_credential_version = 1;
	event.title = "Coaching";
	event.code = "V-7K3M-92QX-5";
	event.outcome = outcome;
	return hear(ISSUER, &rpc_credentials_on_submission_decided, &event, key);
}

static const Vouch__CredentialList *
list(void)
{
	Vouch__ListCredentials req = VOUCH__LIST_CREDENTIALS__INIT;
	struct who who = {earner(), "", {0}};

	return ask(who, &rpc_credentials_list, &req, "");
}

static void
an_award_waits_for_what_it_is_made_of(void **state)
{
	(void)state;
	assert_false(decide(20, VOUCH__OUTCOME__AWARDED, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE); /* the relay sends it again */
}

static void
an_award_becomes_one_credential_however_often_it_is_told(void **state)
{
	(void)state;
	know_everything();
	assert_true(decide(20, VOUCH__OUTCOME__AWARDED, "submission/1"));
	assert_true(decide(20, VOUCH__OUTCOME__AWARDED, "submission/1"));
	assert_true(decide(20, VOUCH__OUTCOME__AWARDED, "submission/2"));

	assert_int_equal(list()->n_items, 1);
	assert_string_equal(list()->items[0]->issuer->name, "Riverbend");
	assert_string_equal(
	    sql("SELECT count(*) FROM outbox WHERE rpc = 'Notifications.OnCredentialIssued'"), "1");
}

static void
a_denial_becomes_none(void **state)
{
	(void)state;
	assert_true(decide(21, VOUCH__OUTCOME__DENIED, ""));
	assert_int_equal(list()->n_items, 1);
}

static json_t *
keys(void)
{
	Vouch__GetKeys req = VOUCH__GET_KEYS__INIT;
	const Vouch__KeySet *set = ask(nobody, &rpc_credentials_keys, &req, "");

	return json_pack("{s:o}", "keys", json_loads(set->keys, 0, NULL));
}

static void
a_credential_verifies_and_a_changed_one_does_not(void **state)
{
	Vouch__GetCredential req = VOUCH__GET_CREDENTIAL__INIT;
	struct arena own = {0};
	const Vouch__Credential *c;
	const char *why;
	json_t *set = keys(), *payload;

	(void)state;
	req.id = list()->items[0]->id;
	c = ask(nobody, &rpc_credentials_get, &req, "");
	assert_string_equal(c->recipient_name, "Ada Example");
	payload = jws_verify(&own, c->jwt, set, &why);
	assert_non_null(payload);
	assert_string_equal(json_string_value(json_object_get(payload, "name")), "Coaching");
	json_decref(payload);

	for (size_t i = 0; i < strlen(c->jwt); i += 7) {
		char *changed = strdup(c->jwt);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		payload = jws_verify(&own, changed, set, &why);
		assert_null(payload);
		free(changed);
	}
	json_decref(set);
	arena_reset(&own);
}

/* Drawn only when it is asked for; what is in it is what was signed. */
static void
a_credential_is_a_picture_that_verifies(void **state)
{
	Vouch__GetCredential req = VOUCH__GET_CREDENTIAL__INIT;
	struct arena own = {0};
	const Vouch__Credential *c;

	(void)state;
	req.id = list()->items[0]->id;
	c = ask(nobody, &rpc_credentials_get, &req, "");
	assert_string_equal(c->svg, "");
	assert_int_equal(c->png.len, 0);

	req.as = (char *)"image/svg+xml";
	c = ask(nobody, &rpc_credentials_get, &req, "");
	assert_string_equal(baked_find(&own, (const uint8_t *)c->svg, strlen(c->svg)), c->jwt);
	assert_non_null(strstr(c->svg, "<title>Coaching</title>"));

	req.as = (char *)"image/png";
	for (int i = 0; i < 2; i++) { /* drawn, and kept */
		c = ask(nobody, &rpc_credentials_get, &req, "");
		assert_non_null(c);
		assert_string_equal(baked_find(&own, c->png.data, c->png.len), c->jwt);
	}
	assert_true(c->png.len > 1000);
	arena_reset(&own);
}

static void
an_unknown_credential_is_not_found(void **state)
{
	Vouch__GetCredential req = VOUCH__GET_CREDENTIAL__INIT;

	(void)state;
	req.id = "riverbend~018f0000-0000-7000-8000-00000000ffff";
	assert_null(ask(nobody, &rpc_credentials_get, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

static void
an_older_name_does_not_come_back(void **state)
{
	Vouch__AccountChanged person = VOUCH__ACCOUNT_CHANGED__INIT;

	(void)state;
	person.account_id = earner();
	person.version = 1;
	person.name = "Old Name";
	assert_true(hear("", &rpc_credentials_on_account_changed, &person, ""));
	assert_string_equal(sql("SELECT name FROM people WHERE account_id = '%s'", earner()), "Ada Example");
}

static void
the_keys_are_published(void **state)
{
	Vouch__GetKeys req = VOUCH__GET_KEYS__INIT;
	Vouch__GetIssuerProfile profile = VOUCH__GET_ISSUER_PROFILE__INIT;
	const Vouch__DidDocument *did = ask(nobody, &rpc_credentials_did, &req, "");
	const Vouch__IssuerBadgeProfile *badge;

	(void)state;
	assert_non_null(strstr(did->document, "did:web:127.0.0.1%3A8080"));
	profile.id = ISSUER;
	badge = ask(nobody, &rpc_credentials_profile, &profile, "");
	assert_non_null(strstr(badge->document, "Riverbend"));
}

static int
begin(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("VOUCH_KEYS_DIR", folder, 1);
	return harness_open(&credential_service);
}

static int
end(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return harness_close() + (system(command) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_award_waits_for_what_it_is_made_of),
		cmocka_unit_test(an_award_becomes_one_credential_however_often_it_is_told),
		cmocka_unit_test(a_denial_becomes_none),
		cmocka_unit_test(a_credential_verifies_and_a_changed_one_does_not),
		cmocka_unit_test(a_credential_is_a_picture_that_verifies),
		cmocka_unit_test(an_unknown_credential_is_not_found),
		cmocka_unit_test(an_older_name_does_not_come_back),
		cmocka_unit_test(the_keys_are_published),
	};

	return harness_run(tests, begin, end);
}
