// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/octets.hpp"
#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "crypto/soft_key_store.hpp"
#include "kit/notebook.hpp"

#include <algorithm>

namespace smgw::testkit {
namespace {

using namespace crypto;

/// Checks one store; a call that must succeed and does not ends the part it stands in.
class examination {
 public:
  examination(ports::key_store& store, notebook& notes) : store_(store), notes_(notes) {}

  void all() {
    const auto can = store_.capabilities();
    expect(store_.state() == key_store_state::ready, "it is not ready");
    expect(!store_.identify().kind.empty() && !store_.identify().serial.empty(), "it does not say what it is");
    check_random();
    if (!expect(!can.curves.empty(), "it offers no curve")) return;
    for (const auto on : can.curves) {
      where_ = std::string(to_string(on)) + ": ";
      check_signatures(on);
      check_agreement(on);
    }
    where_.clear();
    for (const auto on : all_curves) {
      if (std::ranges::find(can.curves, on) != can.curves.end()) continue;
      refused(store_.generate("contract.not", on, key_purpose::tls), errc::unsupported, "a key on a curve it lacks");
      refused(store_.generate_ephemeral(on), errc::unsupported, "an ephemeral key on a curve it lacks");
    }
    check_names(can.curves.front());
    check_sealing();
  }

 private:
  bool expect(bool holds, const std::string& otherwise) { return notes_.expect(holds, where_ + otherwise); }
  template <class T>
  bool expect(const expected<T>& outcome, const std::string& what) {
    return notes_.expect(outcome, where_ + what);
  }
  template <class T>
  void refused(const expected<T>& outcome, errc with, const std::string& what) {
    notes_.refused(outcome, with, where_ + what);
  }
  static bool same(const secret& a, const secret& b) { return equal_constant_time(a.reveal(), b.reveal()); }

  void check_random() {
    bytes one(200), two(200);
    if (!expect(store_.random(one), "random") || !expect(store_.random(two), "random")) return;
    expect(one != two && std::ranges::count(one, 0) < 20, "random is not random");
  }

  void check_signatures(curve on) {
    const auto label = "contract.sig." + std::string(to_string(on));
    const auto made = store_.generate(label, on, key_purpose::signature);
    if (!expect(made, "generate")) return;
    expect(made->label == label && made->on == on && made->purpose == key_purpose::signature &&
               made->public_point.size() == point_size(on),
           "generate answers another key than was asked for");
    const auto found = store_.find(label);
    expect(found && *found == *made, "find does not answer what generate did");
    for (const auto h : {hash::sha256, hash::sha384, hash::sha512}) {
      const auto right = digest(h, as_bytes("a reading")), wrong = digest(h, as_bytes("another"));
      const auto raw = store_.sign_digest(label, right);
      if (!expect(raw, "sign_digest of " + std::string(to_string(h)))) continue;
      expect(raw->size() == 2 * field_size(on), "a signature is not r and s of fixed length");
      expect(verify_signature(on, made->public_point, right, *raw), "its signature");
      expect(!verify_signature(on, made->public_point, wrong, *raw), "its signature is good for another digest too");
    }
    refused(store_.generate(label, on, key_purpose::signature), errc::conflict, "a label twice");
    refused(store_.agree(label, made->public_point), errc::denied, "agreement with a signature key");
    refused(store_.sign_digest(label, bytes(31)), errc::malformed, "a digest of 31 octets");
    refused(store_.sign_digest(label, bytes(65)), errc::malformed, "a digest of 65 octets");
    expect(store_.destroy(label), "destroy");
    refused(store_.find(label), errc::conflict, "find of a destroyed key");
    refused(store_.sign_digest(label, bytes(32)), errc::conflict, "a signature with a destroyed key");
    refused(store_.destroy(label), errc::conflict, "a second destroy");
  }

  /// The other side is in software, so the results are checked by independent arithmetic.
  void check_agreement(curve on) {
    auto other = soft_key_store::in_memory();
    const auto label = "contract.enc." + std::string(to_string(on));
    const auto mine = store_.generate(label, on, key_purpose::encryption);
    const auto theirs = other->generate("theirs", on, key_purpose::encryption);
    if (!expect(mine, "generate") || !expect(theirs, "generate in software")) return;
    const auto ours = store_.agree(label, theirs->public_point), check = other->agree("theirs", mine->public_point);
    if (expect(ours, "agree") && expect(check, "agree in software"))
      expect(same(*ours, *check), "the agreed secret is not the other side's");
    auto off_curve = theirs->public_point;
    off_curve.back() ^= 1;
    refused(store_.agree(label, off_curve), errc::malformed, "agreement with a point that is not on the curve");
    refused(store_.agree(label, bytes_view(theirs->public_point).first(5)), errc::malformed,
            "agreement with five octets");
    expect(store_.destroy(label), "destroy");
    check_ephemerals(on, *other, *theirs, off_curve);
  }

  void check_ephemerals(curve on, soft_key_store& other, const key_info& theirs, const bytes& off_curve) {
    auto first = store_.generate_ephemeral(on);
    if (!expect(first, "generate_ephemeral")) return;
    const bytes point((*first)->public_point().begin(), (*first)->public_point().end());
    const auto ours = (*first)->agree(theirs.public_point), check = other.agree("theirs", point);
    if (expect(ours, "agreement with an ephemeral key") && expect(check, "agree in software"))
      expect(same(*ours, *check), "the secret agreed with an ephemeral key is not the other side's");
    refused((*first)->agree(theirs.public_point), errc::conflict, "a second use of an ephemeral key");
    auto second = store_.generate_ephemeral(on);
    if (!expect(second, "a second generate_ephemeral")) return;
    expect(!std::ranges::equal((*second)->public_point(), point), "two ephemeral keys are the same");
    refused((*second)->agree(off_curve), errc::malformed, "an ephemeral key with a point that is not on the curve");
    refused((*second)->agree(theirs.public_point), errc::conflict, "an ephemeral key after a refusal");
  }

  void check_names(curve on) {
    for (const auto& bad : {std::string(), std::string("with blank"), std::string("b\xc3\xa4"), std::string(65, 'a')})
      refused(store_.generate(bad, on, key_purpose::tls), errc::malformed, "the label '" + bad + "'");
    refused(store_.generate("contract.e", on, key_purpose::ephemeral), errc::denied, "a lasting ephemeral key");
    const auto before = store_.list();
    if (!expect(before, "list")) return;
    std::vector<std::string> made{std::string(max_label_length, 'z')};
    expect(store_.generate(made.front(), on, key_purpose::lmn), "the longest label");
    for (const auto p : {key_purpose::tls, key_purpose::signature, key_purpose::encryption, key_purpose::lmn}) {
      made.push_back("contract/" + std::string(to_string(p)));
      expect(store_.generate(made.back(), on, p), "the label '" + made.back() + "'");
    }
    const auto after = store_.list();
    if (!expect(after, "list")) return;
    expect(after->size() == before->size() + made.size(), "list does not show all keys");
    expect(std::ranges::is_sorted(*after, {}, &key_info::label), "list is not sorted by label");
    for (const auto& label : made) expect(store_.destroy(label), "destroy");
    const auto left = store_.list();
    expect(left && *left == *before, "destroyed keys are still in the list");
  }

  void check_sealing() {
    const bytes text(key_store::max_sealed, 0x5a);
    const auto sealed = store_.seal(text);
    if (!expect(sealed, "seal")) return;
    const auto again = store_.seal(text);
    expect(again && *again != *sealed, "the same secret is sealed to the same octets twice");
    expect(std::ranges::search(*sealed, bytes(16, 0x5a)).empty(), "the sealed octets show the secret");
    const auto opened = store_.unseal(*sealed);
    if (expect(opened, "unseal")) expect(std::ranges::equal(opened->reveal(), text), "unseal answers another secret");
    for (std::size_t at = 0; at < sealed->size(); at += 7) {
      auto altered = *sealed;
      altered[at] ^= 1;
      const auto outcome = store_.unseal(altered);
      expect(!outcome && (outcome.error().code == errc::untrusted || outcome.error().code == errc::malformed),
             "sealed octets with an altered bit are not refused as untrusted or malformed");
    }
    refused(store_.seal(bytes(key_store::max_sealed + 1)), errc::exhausted, "a secret that is too long");
    expect(!store_.unseal({}), "it unseals nothing at all");
    expect(!store_.unseal(bytes(4096)), "it unseals zeros");
    auto other = soft_key_store::in_memory();
    const auto foreign = other->seal(text);
    if (expect(foreign, "seal in software")) expect(!store_.unseal(*foreign), "it unseals what another store sealed");
  }

  ports::key_store& store_;
  notebook& notes_;
  std::string where_;
};

}  // namespace

findings check_key_store(ports::key_store& store) {
  notebook notes;
  examination(store, notes).all();
  return notes.take();
}

}  // namespace smgw::testkit
