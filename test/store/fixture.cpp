// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#include "store/fixture.hpp"

#include "base/octets.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>
#include <botan/mac.h>
#include <botan/system_rng.h>
#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace smgw::store::testing {

namespace {

class gcm_cipher final : public cell_cipher {
 public:
  explicit gcm_cipher(std::uint8_t key) {
    const Botan::secure_vector<std::uint8_t> k(32, key);
    seal_->set_key(k);
    open_->set_key(k);
    mac_->set_key(k);
  }
  expected<bytes> seal(bytes_view associated, bytes_view plaintext) override {
    bytes nonce(12);
    Botan::system_rng().randomize(nonce);
    seal_->set_associated_data(associated);
    seal_->start(nonce);
    Botan::secure_vector<std::uint8_t> data(plaintext.begin(), plaintext.end());
    seal_->finish(data);
    put(nonce, bytes_view{data});
    return nonce;
  }
  expected<bytes> open(bytes_view associated, bytes_view sealed) override {
    if (sealed.size() < 28) return fail(errc::truncated, "too short");
    open_->set_associated_data(associated);
    open_->start(sealed.first(12));
    Botan::secure_vector<std::uint8_t> data(sealed.begin() + 12, sealed.end());
    try {
      open_->finish(data);
    } catch (const Botan::Invalid_Authentication_Tag&) {
      return fail(errc::untrusted, "does not verify");
    }
    return bytes(data.begin(), data.end());
  }
  expected<hidden_name> name_key(bytes_view name) override {
    mac_->update(name);
    const auto full = mac_->final();
    hidden_name out{};
    std::copy_n(full.begin(), out.size(), out.begin());
    return out;
  }

 private:
  std::unique_ptr<Botan::AEAD_Mode> seal_ =
      Botan::AEAD_Mode::create_or_throw("AES-256/GCM", Botan::Cipher_Dir::Encryption);
  std::unique_ptr<Botan::AEAD_Mode> open_ =
      Botan::AEAD_Mode::create_or_throw("AES-256/GCM", Botan::Cipher_Dir::Decryption);
  std::unique_ptr<Botan::MessageAuthenticationCode> mac_ =
      Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
};

}  // namespace

folder::folder() {
  static std::atomic<int> count = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("smgw-store-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
  std::filesystem::remove_all(path_);
}
folder::~folder() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

std::shared_ptr<cell_cipher> make_cipher(std::uint8_t key) { return std::make_shared<gcm_cipher>(key); }

options options_for(const folder& where) {
  options how;
  how.path = where.path();
  how.cipher = make_cipher();
  return how;
}
database open(const folder& where) { return open(options_for(where)); }
database open(options how) {
  auto opened = database::open(std::move(how));
  INFO((opened ? std::string{} : opened.error().what));
  REQUIRE(opened);
  return std::move(*opened);
}

device_id meter(int n) {
  auto number = std::to_string(n);
  return *device_id::parse("1EMH00" + std::string(8 - number.size(), '0') + number);
}
list_name list_of(int meter_number) { return {meter(meter_number), *obis::parse("1-0:1.8.0"), quarter}; }
timestamp slot_time(int n) { return timestamp{std::chrono::sys_days{std::chrono::year{2026} / 5 / 1}} + n * quarter; }
list_entry entry(int n, std::int64_t value, int meter_number) {
  list_entry e;
  e.target = slot_time(n);
  e.value.meter = meter(meter_number);
  e.value.register_name = *obis::parse("1-0:1.8.0");
  e.value.value = {value, -1};
  e.value.measured = unit::watt_hour;
  e.value.captured = e.target + std::chrono::milliseconds{1234};
  e.value.status.meter = 0x01020304;
  return e;
}
outbox_item item(std::string recipient, std::string content, std::uint8_t priority) {
  outbox_item i;
  i.recipient = std::move(recipient);
  i.kind = "values";
  i.created = slot_time(0);
  i.not_before = slot_time(0);
  i.priority = priority;
  i.description = "values of a day";
  i.context = text("c");
  i.content = text(content);
  return i;
}
bytes text(std::string_view s) {
  const auto data = as_bytes(s);
  return {data.begin(), data.end()};
}

bytes read_file(const std::filesystem::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write_file(const std::filesystem::path& p, bytes_view data) {
  std::ofstream out(p, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
}
std::vector<std::filesystem::path> files(const folder& where, std::string_view extension) {
  std::vector<std::filesystem::path> out;
  for (const auto& f : std::filesystem::directory_iterator(where.path()))
    if (f.path().extension() == extension) out.push_back(f.path());
  std::ranges::sort(out, std::ranges::greater{}, [](const auto& p) { return std::filesystem::file_size(p); });
  return out;
}

}  // namespace smgw::store::testing
