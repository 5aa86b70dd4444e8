// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "crypto/detail/pkcs11/session.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "crypto/detail/botan.hpp"
#include "crypto/detail/der.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace smgw::crypto::pkcs11 {
namespace {

constexpr std::size_t max_slots = 64;
constexpr std::size_t max_attribute = 4096;
constexpr std::size_t tag_size = 16;

/// PKCS#11 takes its inputs through pointers to non-const, and does not write to them.
CK_BYTE_PTR input(bytes_view data) { return const_cast<CK_BYTE_PTR>(data.data()); }
CK_ULONG length(std::size_t n) { return static_cast<CK_ULONG>(n); }

/// Whether a raw point, which begins with 04 as an OCTET STRING does, happens to have the length of one behind it.
bool reads_as_der(bytes_view point) {
  return detail::der::next(point, detail::der::octet_string).has_value() && point.empty();
}

template <std::size_t N>
std::string trimmed(const unsigned char (&padded)[N]) {
  std::string text(reinterpret_cast<const char*>(padded), N);
  text.erase(text.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return text;
}

/// Attributes of a template, with their values kept until the call is over.
class attributes {
 public:
  attributes& put(CK_ATTRIBUTE_TYPE type, bytes_view value) {
    values_.emplace_back(value.begin(), value.end());
    types_.push_back(type);
    return *this;
  }
  attributes& flag(CK_ATTRIBUTE_TYPE type, bool on) {
    const CK_BBOOL value = on ? CK_TRUE : CK_FALSE;
    return put(type, {&value, 1});
  }
  attributes& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    std::array<std::uint8_t, sizeof value> octets{};
    std::memcpy(octets.data(), &value, sizeof value);
    return put(type, octets);
  }
  [[nodiscard]] std::vector<CK_ATTRIBUTE> list() {
    std::vector<CK_ATTRIBUTE> out;
    for (std::size_t i = 0; i < types_.size(); ++i)
      out.push_back({types_[i], values_[i].data(), length(values_[i].size())});
    return out;
  }

 private:
  std::vector<CK_ATTRIBUTE_TYPE> types_;
  std::vector<bytes> values_;
};

struct slot {
  CK_SLOT_ID id = 0;
  std::string serial;
};

expected<slot> find_slot(const CK_FUNCTION_LIST& call, const address& where) {
  std::array<CK_SLOT_ID, max_slots> ids{};
  CK_ULONG count = length(ids.size());
  SMGW_CHECK(check(call.C_GetSlotList(CK_TRUE, ids.data(), &count), "C_GetSlotList"));
  std::optional<slot> found;
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    if (call.C_GetTokenInfo(ids[i], &info) != CKR_OK) continue;
    const auto serial = trimmed(info.serialNumber);
    if (!where.token.empty() && trimmed(info.label) != where.token) continue;
    if (!where.serial.empty() && serial != where.serial) continue;
    if (found) return fail(errc::conflict, "PKCS#11: several tokens are called " + where.token + "; add serial=…");
    found = slot{ids[i], serial};
  }
  if (!found)
    return fail(
        errc::unavailable,
        "PKCS#11: no token " + (where.token.empty() ? "with serial " + where.serial : where.token) + " is there");
  return *found;
}

}  // namespace

expected<session> session::open(std::shared_ptr<module> library, const address& where, const secret& pin,
                                const std::string& expected_serial) {
  const auto& call = library->call();
  SMGW_TRY(auto found, find_slot(call, where));
  if (!expected_serial.empty() && found.serial != expected_serial)
    return fail(errc::untrusted,
                "PKCS#11: another token is in the slot: serial " + found.serial + ", expected " + expected_serial);
  CK_SESSION_HANDLE handle = 0;
  SMGW_CHECK(check(call.C_OpenSession(found.id, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle),
                   "C_OpenSession"));
  session opened(std::move(library), handle, std::move(found.serial));
  const auto secret_pin = pin.reveal();
  const auto answer = call.C_Login(handle, CKU_USER, input(secret_pin), length(secret_pin.size()));
  if (answer != CKR_USER_ALREADY_LOGGED_IN) SMGW_CHECK(check(answer, "C_Login"));
  return opened;
}

session::session(session&& other) noexcept
    : library_(std::move(other.library_)),
      handle_(std::exchange(other.handle_, CK_SESSION_HANDLE{0})),
      serial_(std::move(other.serial_)) {}

session::~session() {
  if (library_) call().C_CloseSession(handle_);
}

expected<void> session::random(std::span<std::uint8_t> out) {
  return check(call().C_GenerateRandom(handle_, out.data(), length(out.size())), "C_GenerateRandom");
}

expected<made_pair> session::generate_pair(const pair_request& wanted) {
  const bool kept = !wanted.id.empty();
  const auto parameters = detail::group_of(wanted.on).DER_encode();
  attributes for_public;
  for_public.put(CKA_EC_PARAMS, parameters).flag(CKA_TOKEN, kept).flag(CKA_VERIFY, wanted.signs);
  attributes for_private;
  for_private.flag(CKA_TOKEN, kept).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
  for_private.flag(CKA_SIGN, wanted.signs).flag(CKA_DERIVE, wanted.agrees);
  for (auto* half : {&for_public, &for_private})
    if (kept) half->put(CKA_ID, wanted.id).put(CKA_LABEL, as_bytes(wanted.label));
  auto public_template = for_public.list();
  auto private_template = for_private.list();
  CK_MECHANISM how{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  made_pair made;
  SMGW_CHECK(check(call().C_GenerateKeyPair(handle_, &how, public_template.data(), length(public_template.size()),
                                            private_template.data(), length(private_template.size()), &made.public_key,
                                            &made.private_key),
                   "C_GenerateKeyPair"));
  auto point = point_of(made.public_key, wanted.on);
  if (!point) {
    (void)destroy(made.private_key);
    (void)destroy(made.public_key);
    return std::unexpected(point.error());
  }
  made.public_point = std::move(*point);
  return made;
}

expected<bytes> session::sign(object key, bytes_view digest) {
  CK_MECHANISM how{CKM_ECDSA, nullptr, 0};
  SMGW_CHECK(check(call().C_SignInit(handle_, &how, key), "C_SignInit"));
  bytes signature(2 * 66);
  CK_ULONG size = length(signature.size());
  SMGW_CHECK(check(call().C_Sign(handle_, input(digest), length(digest.size()), signature.data(), &size), "C_Sign"));
  signature.resize(std::min<std::size_t>(size, signature.size()));
  return signature;
}

expected<object> session::derived(object key, curve on, bytes_view peer_point) {
  CK_ECDH1_DERIVE_PARAMS parameters{};
  parameters.kdf = CKD_NULL;
  parameters.ulPublicDataLen = length(peer_point.size());
  parameters.pPublicData = input(peer_point);
  CK_MECHANISM how{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
  attributes wanted;
  wanted.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, CKK_GENERIC_SECRET).flag(CKA_TOKEN, false);
  wanted.flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true).number(CKA_VALUE_LEN, length(field_size(on)));
  auto list = wanted.list();
  object made = 0;
  SMGW_CHECK(check(call().C_DeriveKey(handle_, &how, key, list.data(), length(list.size()), &made), "C_DeriveKey"));
  return made;
}

expected<secret> session::derive(object key, curve on, bytes_view peer_point) {
  auto made = derived(key, on, peer_point);
  // Modules must take a raw point and may take a DER-encoded one (PKCS#11 3.0, ECDH mechanism parameters): those that
  // tell them apart by length misread one raw point of P-256 in 256.
  if (!made && reads_as_der(peer_point))
    made = derived(key, on, detail::der::make(detail::der::octet_string, {peer_point}));
  if (!made) return std::unexpected(made.error());
  auto value = attribute(*made, CKA_VALUE);
  const auto gone = destroy(*made);
  if (!value) return std::unexpected(value.error());
  secret shared{bytes_view{*value}};
  wipe(*value);
  SMGW_CHECK(gone);
  if (shared.size() != field_size(on)) return fail(errc::internal, "PKCS#11 token: shared secret of another length");
  return shared;
}

expected<void> session::destroy(object what) { return check(call().C_DestroyObject(handle_, what), "C_DestroyObject"); }

expected<std::vector<object>> session::find(std::optional<CK_OBJECT_CLASS> kind, bytes_view id, bool in_token,
                                            std::size_t most) {
  attributes like;
  like.flag(CKA_TOKEN, in_token);
  if (kind) like.number(CKA_CLASS, *kind);
  if (!id.empty()) like.put(CKA_ID, id);
  auto list = like.list();
  SMGW_CHECK(check(call().C_FindObjectsInit(handle_, list.data(), length(list.size())), "C_FindObjectsInit"));
  std::vector<object> found(most);
  CK_ULONG count = 0;
  const auto answer = call().C_FindObjects(handle_, found.data(), length(most), &count);
  call().C_FindObjectsFinal(handle_);
  SMGW_CHECK(check(answer, "C_FindObjects"));
  found.resize(std::min<std::size_t>(count, most));
  return found;
}

expected<bytes> session::attribute(object of, CK_ATTRIBUTE_TYPE which) {
  CK_ATTRIBUTE wanted{which, nullptr, 0};
  SMGW_CHECK(check(call().C_GetAttributeValue(handle_, of, &wanted, 1), "C_GetAttributeValue"));
  if (wanted.ulValueLen > max_attribute) return fail(errc::internal, "PKCS#11 token: an attribute is too long");
  bytes value(wanted.ulValueLen);
  wanted.pValue = value.data();
  SMGW_CHECK(check(call().C_GetAttributeValue(handle_, of, &wanted, 1), "C_GetAttributeValue"));
  value.resize(std::min<std::size_t>(wanted.ulValueLen, value.size()));
  return value;
}

expected<bytes> session::point_of(object public_key, curve on) {
  SMGW_TRY(auto value, attribute(public_key, CKA_EC_POINT));
  // A DER OCTET STRING by the standard (its header has two octets, or three for 512 bits); some tokens give the point
  // as it is.
  const auto plain = point_size(on);
  const std::size_t header = plain < 128 ? 2 : 3;
  if (value.size() == plain + header) value.erase(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(header));
  if (!detail::point_of(on, value))
    return fail(errc::internal, "PKCS#11 token: a public key is not a point of " + std::string(to_string(on)));
  return value;
}

expected<object> session::generate_aes_key(bytes_view id, std::string_view label) {
  attributes wanted;
  wanted.put(CKA_ID, id).put(CKA_LABEL, as_bytes(label)).number(CKA_VALUE_LEN, 32).flag(CKA_TOKEN, true);
  wanted.flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
  wanted.flag(CKA_ENCRYPT, true).flag(CKA_DECRYPT, true);
  auto list = wanted.list();
  CK_MECHANISM how{CKM_AES_KEY_GEN, nullptr, 0};
  object made = 0;
  SMGW_CHECK(
      check(call().C_GenerateKey(handle_, &how, list.data(), length(list.size()), &made), "C_GenerateKey (AES)"));
  return made;
}

namespace {

CK_GCM_PARAMS gcm(bytes_view nonce, bytes_view aad) {
  CK_GCM_PARAMS how{};
  how.pIv = input(nonce);
  how.ulIvLen = length(nonce.size());
  how.ulIvBits = length(8 * nonce.size());
  how.pAAD = input(aad);
  how.ulAADLen = length(aad.size());
  how.ulTagBits = 8 * tag_size;
  return how;
}

}  // namespace

expected<bytes> session::encrypt(object key, bytes_view nonce, bytes_view aad, bytes_view text) {
  auto parameters = gcm(nonce, aad);
  CK_MECHANISM how{CKM_AES_GCM, &parameters, sizeof parameters};
  SMGW_CHECK(check(call().C_EncryptInit(handle_, &how, key), "C_EncryptInit (AES-GCM)"));
  bytes out(text.size() + tag_size);
  CK_ULONG size = length(out.size());
  SMGW_CHECK(check(call().C_Encrypt(handle_, input(text), length(text.size()), out.data(), &size), "C_Encrypt"));
  out.resize(std::min<std::size_t>(size, out.size()));
  return out;
}

expected<bytes> session::decrypt(object key, bytes_view nonce, bytes_view aad, bytes_view text) {
  auto parameters = gcm(nonce, aad);
  CK_MECHANISM how{CKM_AES_GCM, &parameters, sizeof parameters};
  SMGW_CHECK(check(call().C_DecryptInit(handle_, &how, key), "C_DecryptInit (AES-GCM)"));
  bytes out(text.size() + tag_size);
  CK_ULONG size = length(out.size());
  SMGW_CHECK(check(call().C_Decrypt(handle_, input(text), length(text.size()), out.data(), &size), "C_Decrypt"));
  out.resize(std::min<std::size_t>(size, out.size()));
  return out;
}

}  // namespace smgw::crypto::pkcs11
