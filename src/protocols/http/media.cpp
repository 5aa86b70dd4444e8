// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/http/media.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>

namespace smgw::http {
namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}
constexpr bool is_tchar(char c) noexcept {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.contains(c);
}
void skip_blanks(std::string_view& in) {
  while (!in.empty() && (in.front() == ' ' || in.front() == '\t')) in.remove_prefix(1);
}
std::string_view token(std::string_view& in) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(in, is_tchar) - in.begin());
  const auto out = in.substr(0, end);
  in.remove_prefix(end);
  return out;
}
bool literal(std::string_view& in, char c) {
  if (in.empty() || in.front() != c) return false;
  in.remove_prefix(1);
  return true;
}

expected<std::string> quoted(std::string_view& in) {
  std::string out;
  while (!in.empty() && in.front() != '"') {
    if (in.front() == '\\') in.remove_prefix(1);
    if (in.empty()) break;
    out += in.front();
    in.remove_prefix(1);
  }
  if (!literal(in, '"')) return fail(errc::malformed, "quotation mark");
  return out;
}

/// One media type or range off the front, up to a comma or the end.
expected<media_type> take_media(std::string_view& in) {
  media_type out;
  skip_blanks(in);
  out.type = lowered(token(in));
  const bool slash = literal(in, '/');
  out.subtype = lowered(token(in));
  if (out.type.empty() || !slash || out.subtype.empty()) return fail(errc::malformed, "media type: type/subtype");
  skip_blanks(in);
  // Older documents print a blank before `+xml`.
  if (in.starts_with('+')) out.subtype += lowered(token(in));
  for (skip_blanks(in); literal(in, ';'); skip_blanks(in)) {
    skip_blanks(in);
    if (out.parameters.size() == max_media_parameters) return fail(errc::exhausted, "parameters of a media type");
    field p{lowered(token(in)), {}};
    if (p.name.empty() || !literal(in, '=')) return fail(errc::malformed, "parameter of a media type: name=value");
    if (literal(in, '"')) {
      SMGW_TRY(p.value, quoted(in));
    } else {
      p.value = token(in);
      if (p.value.empty()) return fail(errc::malformed, "parameter of a media type: name=value");
    }
    out.parameters.push_back(std::move(p));
  }
  return out;
}

struct row {
  body_kind kind;
  std::string_view text;
};
constexpr std::array rows{
    row{body_kind::json, "application/json"},
    row{body_kind::xml, "application/xml"},
    row{body_kind::octets, "application/octetstream"},  // as printed in table 6.1
    row{body_kind::byteranges, "multipart/byteranges"},
    row{body_kind::cms_json, "application/cms+json; encapsulatingContent=\"signedData\""},
    row{body_kind::cms_json_sealed, "application/cms+json; encapsulatingContent=\"signedData, authEnvelopedData\""},
    row{body_kind::cms_json_full,
        "application/cms+json; encapsulatingContent=\"signedData, authEnvelopedData, compressedData\""},
    row{body_kind::cms_xml, "application/vnd.de-dke-k461-cosem+xml;encap=cms-tr03109"},
    row{body_kind::csv, "text/csv; charset=utf-8"},
    row{body_kind::events, "text/event-stream"},
};

/// Layers of protection, outermost first, without blanks and case (RFC 7193).
std::string layers(const media_type& m) {
  const auto* value = m.find("encapsulatingcontent");
  auto out = value == nullptr ? std::string{} : lowered(*value);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t'; });
  return out;
}

std::optional<body_kind> cms_kind(std::string_view subtype, std::string_view layers) {
  const bool is_json = subtype == "cms+json";
  if (is_json && layers == "signeddata") return body_kind::cms_json;
  if (is_json && layers == "signeddata,authenvelopeddata") return body_kind::cms_json_sealed;
  if (layers == "signeddata,authenvelopeddata,compresseddata")
    return is_json ? body_kind::cms_json_full : body_kind::cms_xml;
  return std::nullopt;
}

/// JSON and XML are written in UTF-8: another charset is another type.
bool charset_fits(const media_type& m) {
  const auto* charset = m.find("charset");
  return charset == nullptr || same_token(*charset, "utf-8");
}

std::optional<body_kind> kind_of(const media_type& m) {
  if (m.type == "multipart" && m.subtype == "byteranges") return body_kind::byteranges;
  if (m.type == "text" && m.subtype == "csv" && charset_fits(m)) return body_kind::csv;
  if (m.type == "text" && m.subtype == "event-stream" && charset_fits(m)) return body_kind::events;
  if (m.type != "application") return std::nullopt;
  if (m.subtype == "json" && charset_fits(m)) return body_kind::json;
  if (m.subtype == "xml" && charset_fits(m)) return body_kind::xml;
  if (m.subtype == "octetstream" || m.subtype == "octet-stream") return body_kind::octets;
  if (m.subtype == "cms+json" || m.subtype == "cms+xml") return cms_kind(m.subtype, layers(m));
  const auto* encap = m.find("encap");
  if (m.subtype == "vnd.de-dke-k461-cosem+xml" && encap != nullptr && same_token(*encap, "cms-tr03109"))
    return body_kind::cms_xml;
  return std::nullopt;
}

/// Weight in thousandths (RFC 9110, 12.4.2).
expected<int> weight(const media_type& m) {
  const auto* q = m.find("q");
  if (q == nullptr) return 1000;
  const auto& t = *q;
  if (t.empty() || t.size() > 5 || (t[0] != '0' && t[0] != '1') || (t.size() > 1 && t[1] != '.'))
    return fail(errc::malformed, "weight");
  int value = t[0] == '1' ? 1000 : 0;
  for (std::size_t i = 2, unit = 100; i < t.size(); ++i, unit /= 10) {
    if (t[i] < '0' || t[i] > '9') return fail(errc::malformed, "weight");
    value += (t[i] - '0') * static_cast<int>(unit);
  }
  if (value > 1000) return fail(errc::malformed, "weight");
  return value;
}

struct wish {
  media_type range;
  int weight;
};

/// How closely a wish names a kind: 0 not at all, 1 any, 2 any of the type, 3 exactly, 4 with its parameters.
int closeness(const wish& w, body_kind kind) {
  if (w.range.type == "*") return w.range.subtype == "*" ? 1 : 0;
  const auto own = parse_media_type(content_type(kind));
  if (!own) return 0;
  if (w.range.subtype == "*") return w.range.type == own->type ? 2 : 0;
  if (kind_of(w.range) == kind) return 4;
  const bool bare = std::ranges::all_of(w.range.parameters, [](const field& f) { return f.name == "q"; });
  return bare && w.range.type == own->type && w.range.subtype == own->subtype ? 3 : 0;
}

expected<std::vector<wish>> parse_accept(const fields& headers) {
  std::vector<wish> out;
  for (const auto& f : headers.all()) {
    if (!same_token(f.name, "Accept")) continue;
    std::string_view in = f.value;
    for (skip_blanks(in); !in.empty(); skip_blanks(in)) {
      if (literal(in, ',')) continue;
      if (out.size() == max_accept_entries) return fail(errc::exhausted, "Accept");
      SMGW_TRY(auto range, take_media(in));
      SMGW_TRY(const auto q, weight(range));
      out.push_back({std::move(range), q});
      if (!in.empty() && in.front() != ',') return fail(errc::malformed, "Accept");
    }
  }
  return out;
}

int weight_of(const std::vector<wish>& wishes, body_kind kind) {
  int best = 0, result = 0;
  for (const auto& w : wishes)
    if (const int c = closeness(w, kind); c > best) {
      best = c;
      result = w.weight;
    }
  return result;
}

}  // namespace

const std::string* media_type::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(parameters, name, &field::name);
  return found == parameters.end() ? nullptr : &found->value;
}

expected<media_type> parse_media_type(std::string_view text) {
  SMGW_TRY(auto out, take_media(text));
  if (!text.empty()) return fail(errc::malformed, "media type");
  return out;
}

std::string_view content_type(body_kind kind) noexcept { return std::ranges::find(rows, kind, &row::kind)->text; }

expected<body_kind> classify(std::string_view content_type) {
  const auto m = parse_media_type(content_type);
  const auto kind = m ? kind_of(*m) : std::nullopt;
  if (!kind) return fail(errc::unsupported, "Content-Type");
  return *kind;
}

std::optional<body_kind> negotiate(const fields& headers, std::span<const body_kind> offered) {
  if (offered.empty()) return std::nullopt;
  const auto wishes = parse_accept(headers);
  if (!wishes || wishes->empty()) return offered.front();
  std::optional<body_kind> best;
  int best_weight = 0;
  for (const auto kind : offered)
    if (const int w = weight_of(*wishes, kind); w > best_weight) {
      best = kind;
      best_weight = w;
    }
  return best;
}

}  // namespace smgw::http
