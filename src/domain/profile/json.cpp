// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "domain/profile/json.hpp"

#include "domain/profile/profile_set.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace smgw::profile::json {
namespace {

/// Builds the tree event by event: depth and doubled members are seen as they come.
class builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return put({}); }
  bool boolean(bool b) override {
    return put({.kind = kind::boolean, .boolean = b, .text = {}, .items = {}, .members = {}});
  }
  bool number_integer(number_integer_t n) override { return integer(n); }
  bool number_unsigned(number_unsigned_t n) override {
    constexpr auto most = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    return n <= most ? integer(static_cast<std::int64_t>(n)) : number(std::to_string(n));
  }
  bool number_float(number_float_t, const string_t& digits) override { return number(digits); }
  bool string(string_t& s) override {
    return put({.kind = kind::text, .text = s.size() <= max_document ? s : string_t{}, .items = {}, .members = {}});
  }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool start_object(std::size_t) override { return open(kind::object); }
  bool start_array(std::size_t) override { return open(kind::array); }
  bool end_object() override { return shut(); }
  bool end_array() override { return shut(); }
  bool key(string_t& name) override {
    if (stack_.back()->find(name) != nullptr) return refuse("the member '" + name.substr(0, 64) + "' stands twice");
    stack_.back()->members.push_back({name, value{}});
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    if (what_.empty()) what_ = "not JSON at octet " + std::to_string(position);
    return false;
  }

  value root;
  [[nodiscard]] const std::string& what() const noexcept { return what_; }
  [[nodiscard]] errc code() const noexcept { return code_; }

 private:
  bool integer(std::int64_t n) {
    return put({.kind = kind::integer, .integer = n, .text = {}, .items = {}, .members = {}});
  }
  bool number(std::string digits) {
    return put({.kind = kind::other_number, .text = std::move(digits), .items = {}, .members = {}});
  }
  value* place(value v) {
    if (stack_.empty()) {
      root = std::move(v);
      return &root;
    }
    auto& parent = *stack_.back();
    if (parent.kind == kind::array) {
      parent.items.push_back(std::move(v));
      return &parent.items.back();
    }
    parent.members.back().content = std::move(v);
    return &parent.members.back().content;
  }
  bool put(value v) {
    place(std::move(v));
    return true;
  }
  bool open(json::kind k) {
    if (stack_.size() >= max_depth) {
      code_ = errc::exhausted;
      return refuse("nested too deeply");
    }
    // A pointer into the parent stays good: a parent grows only after its child is shut.
    stack_.push_back(place({.kind = k, .text = {}, .items = {}, .members = {}}));
    return true;
  }
  bool shut() {
    stack_.pop_back();
    return true;
  }
  bool refuse(std::string what) {
    what_ = std::move(what);
    return false;
  }

  std::vector<value*> stack_;
  std::string what_;
  errc code_ = errc::malformed;
};

}  // namespace

const value* value::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(members, name, &member::name);
  return found == members.end() ? nullptr : &found->content;
}

expected<value> parse(std::string_view text) {
  if (text.size() > max_document) return fail(errc::exhausted, "longer than a profile may be");
  builder b;
  try {
    if (!nlohmann::json::sax_parse(text, &b)) return fail(b.code(), b.what());
  } catch (const std::exception&) {  // nlohmann reports through the builder; this is for what it might not
    return fail(errc::malformed, "not JSON");
  }
  return std::move(b.root);
}

std::string step(std::string_view name) {
  std::string out{'/'};
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace smgw::profile::json
