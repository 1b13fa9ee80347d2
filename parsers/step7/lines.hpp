#pragma once

#include <cstdint>
#include <string_view>

#include "parsers/step7/quote_finder.hpp"

namespace ot::parsers::step7 {

struct Line {
  std::string_view text;     ///< without the line end and the blanks before it
  std::uint64_t number = 0;  ///< from 1
  bool lenient = false;      ///< its strings escape quotes with a backslash
  bool broken = false;       ///< a quote has no partner, in this line or near it
};

/// Cuts a text into lines; a quoted string that runs over several makes them one.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), finder_(text) {}

  /// False at the end of the text.
  bool next(Line& line);

  /// Takes the next line if it is plainly KEY "value": nine lines of ten are, and
  /// this finds out without looking at any byte twice. Else it takes nothing.
  bool next_attribute(std::string_view& key, std::string_view& value);

  /// Takes the next line if it is indented and has the two quotes of a parameter's value.
  bool skip_parameter();

  /// Takes the next line if it starts so, ends in a quote and all its quotes have
  /// partners: a symbol. Else it takes nothing.
  bool skip_quoted(std::string_view start);

  /// The line comes again at the following next().
  void put_back(const Line& line);

  /// The number of the line that was taken last.
  std::uint64_t number() const { return number_; }

 private:
  /// Where the parts of a line with two quotes are; `end` is its line feed.
  struct Plain {
    const char* begin;
    const char* open;
    const char* close;
    const char* end;
  };
  bool find_plain(Plain& line);
  void take_plain(const Plain& line);

  struct Physical {
    std::string_view text;  ///< up to the line feed, which is not part of it
    bool quotes_balance;
  };
  Physical peek_physical();
  void take_physical(std::string_view line);
  bool read_physical(Line& line);  ///< whether its quotes balance
  void join_while_open(Line& line);

  std::string_view text_;
  QuoteFinder finder_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0;
  Line again_;
  bool has_again_ = false;
};

}  // namespace ot::parsers::step7
