/* SPDX-License-Identifier: Apache-2.0
 *
 * The root of all attestations, which stands for the maker of cards: a key pair and a certificate
 * in a directory, that several cards may share. */

#include "application.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { PATH_LIMIT = 4096 };

static const char root_title[] = "Simulated PIV Root CA Serial 1";
static const char attestation_title[] = "Yubico PIV Attestation";
static const char between_title[] = "Simulated PIV Attestation B 1";

static FILE *open_in(const char *directory, const char *name, const char *mode)
{
    char path[PATH_LIMIT];
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof path) return NULL;
    return fopen(path, mode);
}

static bool add_extension(X509 *certificate, int kind, const char *text)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, text);
    bool done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

/* Certifies `subject`, by itself or by another. */
static X509 *certify(const char *title, EVP_PKEY *subject, const X509_NAME *issuer,
                     EVP_PKEY *signer, const char *constraint) /* NULL: not marked */
{
    uint8_t serial[8];
    X509 *certificate = X509_new();
    X509_NAME *name = X509_NAME_new();
    BIGNUM *number = NULL;
    bool done =
        certificate != NULL && name != NULL && RAND_bytes(serial, sizeof serial) == 1 &&
        (number = BN_bin2bn(serial, sizeof serial, NULL)) != NULL &&
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL &&
        X509_set_version(certificate, X509_VERSION_3) == 1 &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)title, -1, -1,
                                   0) == 1 &&
        X509_set_subject_name(certificate, name) == 1 &&
        X509_set_issuer_name(certificate, issuer != NULL ? issuer : name) == 1 &&
        ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20160314000000Z") == 1 &&
        ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "20520417000000Z") == 1 &&
        X509_set_pubkey(certificate, subject) == 1 &&
        (constraint == NULL ||
         add_extension(certificate, NID_basic_constraints, constraint)) &&
        X509_sign(certificate, signer, EVP_sha256()) > 0;
    BN_free(number);
    X509_NAME_free(name);
    if (done) return certificate;
    X509_free(certificate);
    return NULL;
}

/* The key comes last: where it is, all of it is. */
static bool make_root(const char *directory)
{
    EVP_PKEY *pair = EVP_RSA_gen(2048);
    X509 *certificate = NULL;
    FILE *file = NULL;
    bool done = pair != NULL &&
                (certificate = certify(root_title, pair, NULL, pair,
                                       "critical,CA:TRUE,pathlen:2")) != NULL &&
                (file = open_in(directory, "root.crt", "we")) != NULL &&
                PEM_write_X509(file, certificate) == 1;
    if (file != NULL && fclose(file) != 0) done = false;
    file = NULL;
    done = done && (file = open_in(directory, "root.key", "we")) != NULL &&
           PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL) == 1;
    if (file != NULL && fclose(file) != 0) done = false;
    X509_free(certificate);
    EVP_PKEY_free(pair);
    return done;
}

static bool root_exists(const char *directory)
{
    FILE *file = open_in(directory, "root.key", "re");
    if (file == NULL) return false;
    fclose(file);
    return true;
}

bool authority_prepare(const char *directory)
{
    mkdir(directory, 0700);
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = lock >= 0 && flock(lock, LOCK_EX) == 0 &&
                (root_exists(directory) || make_root(directory));
    if (!done) perror(directory);
    if (lock >= 0) close(lock);
    return done;
}

/* A key pair and its certificate. */
struct issuer {
    EVP_PKEY *pair;
    X509 *certificate;
};

static void free_issuer(struct issuer issuer)
{
    EVP_PKEY_free(issuer.pair);
    X509_free(issuer.certificate);
}

static struct issuer read_root(const char *directory)
{
    struct issuer root = {NULL, NULL};
    FILE *key_file = open_in(directory, "root.key", "re");
    FILE *certificate_file = open_in(directory, "root.crt", "re");
    if (key_file != NULL) root.pair = PEM_read_PrivateKey(key_file, NULL, NULL, NULL);
    if (certificate_file != NULL) {
        root.certificate = PEM_read_X509(certificate_file, NULL, NULL, NULL);
    }
    if (certificate_file != NULL) fclose(certificate_file);
    if (key_file != NULL) fclose(key_file);
    return root;
}

/* An authority between the root and a card, whose certificate is left for whoever needs it in a
 * file of its own, named after its serial number. */
static struct issuer make_between(const char *directory, struct issuer root)
{
    char name[64];
    struct issuer between = {EVP_RSA_gen(2048), NULL};
    if (between.pair == NULL) return between;
    between.certificate =
        certify(between_title, between.pair, X509_get_subject_name(root.certificate), root.pair,
                "critical,CA:TRUE,pathlen:1");
    if (between.certificate == NULL) return between;
    const ASN1_STRING *serial = X509_get0_serialNumber(between.certificate);
    char *digits = hex_encode(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
    snprintf(name, sizeof name, "between-%s.crt", digits);
    free(digits);
    FILE *file = open_in(directory, name, "we");
    if (file == NULL || PEM_write_X509(file, between.certificate) != 1) perror(name);
    if (file != NULL) fclose(file);
    return between;
}

bool authority_certify(const char *directory, enum attester kind, EVP_PKEY *attestation,
                       struct bytes *certificate)
{
    if (!authority_prepare(directory)) return false;
    struct issuer issuer = read_root(directory);
    if (kind == ATTESTER_BELOW && issuer.pair != NULL && issuer.certificate != NULL) {
        struct issuer between = make_between(directory, issuer);
        free_issuer(issuer);
        issuer = between;
    }
    X509 *made = NULL;
    uint8_t *encoded = NULL;
    if (issuer.pair != NULL && issuer.certificate != NULL) {
        made = certify(attestation_title, attestation,
                       X509_get_subject_name(issuer.certificate), issuer.pair,
                       kind == ATTESTER_UNMARKED ? NULL : "critical,CA:TRUE,pathlen:0");
    }
    int count = made != NULL ? i2d_X509(made, &encoded) : 0;
    if (count > 0) bytes_append(certificate, encoded, (size_t)count);
    OPENSSL_free(encoded);
    X509_free(made);
    free_issuer(issuer);
    return count > 0;
}
