// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "protocols/d0/readout.hpp"

#include "base/check.hpp"
#include "base/octets.hpp"
#include "protocols/d0/checksum.hpp"

#include <algorithm>
#include <charconv>

namespace smgw::d0 {
namespace {

constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr char ack = '\x06';
constexpr auto npos = std::string_view::npos;

std::string_view cut_line(std::string_view& text) noexcept {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == npos ? text.size() : end + 1);
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Four hexadecimal digits behind the exclamation mark.
integrity check_crc(std::string_view text, std::size_t end) noexcept {
  auto tail = text.substr(end + 1);
  const auto line = cut_line(tail);
  if (line.size() != 4) return integrity::absent;
  std::uint16_t sent = 0;
  const auto [last, code] = std::from_chars(line.data(), line.data() + 4, sent, 16);
  if (code != std::errc{} || last != line.data() + 4) return integrity::absent;
  return sent == crc16(as_bytes(text.substr(0, end + 1))) ? integrity::correct : integrity::wrong;
}

// ETX and the block check character, which cover what is behind STX.
integrity check_bcc(std::string_view text, std::size_t start, std::size_t end) noexcept {
  const auto at = text.find(etx, end);
  if (start == npos || at == npos || at + 1 >= text.size()) return integrity::absent;
  const auto sum = block_check(as_bytes(text.substr(start, at + 1 - start)));
  return sum == (static_cast<std::uint8_t>(text[at + 1]) & 0x7F) ? integrity::correct : integrity::wrong;
}

constexpr bool is_filler(char c) noexcept { return static_cast<unsigned char>(c) <= ' '; }
bool is_blank(std::string_view text) noexcept { return std::ranges::all_of(text, is_filler); }

// The first data set of a line ends before the address of the next one. What opens no parenthesis is no next one: it
// stays, and is refused with its set.
std::size_t data_set_size(std::string_view line) noexcept {
  for (auto close = line.find(')'); close != npos; close = line.find(')', close + 1)) {
    const auto next = close + 1;
    if (next == line.size() || is_blank(line.substr(next))) return next;
    if (line[next] != '(' && line.find('(', next) != npos) return next;
  }
  return line.size();
}

}  // namespace

std::size_t find_end(std::string_view text) noexcept {
  for (auto at = text.find('!'); at != npos; at = text.find('!', at + 1))
    if (at == 0 || std::string_view{"\n\r)\x02"}.contains(text[at - 1])) return at;
  return npos;
}

expected<readout> read_readout(bytes_view in) {
  if (in.size() > max_readout) return fail(errc::exhausted, "readout is too long");
  const auto text = as_text(in);
  auto rest = text;
  readout out;
  SMGW_TRY(out.ident, read_identification(cut_line(rest)));
  // A listener on the line hears the acknowledgement of the reader too.
  if (rest.starts_with(ack)) (void)cut_line(rest);
  const auto skipped = rest.find_first_not_of("\r\n");
  std::size_t start = npos;
  if (skipped != npos && rest[skipped] == stx) {
    rest.remove_prefix(skipped + 1);
    start = text.size() - rest.size();
  }
  const auto end = find_end(rest);
  if (end == npos) return fail(errc::truncated, "readout without its end");
  out.data = rest.substr(0, end);
  const auto end_in_text = text.size() - rest.size() + end;
  out.crc = check_crc(text, end_in_text);
  out.bcc = check_bcc(text, start, end_in_text);
  return out;
}

std::optional<expected<data_line>> line_cursor::next() {
  while (is_blank(line_)) {
    if (rest_.empty()) return std::nullopt;
    line_ = cut_line(rest_);
  }
  while (is_filler(line_.front())) line_.remove_prefix(1);
  const auto size = data_set_size(line_);
  const auto set = line_.substr(0, size);
  line_.remove_prefix(size);
  return read_data_line(set);
}

}  // namespace smgw::d0
