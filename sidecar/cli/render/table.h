// SPDX-License-Identifier: Apache-2.0
//
// Rows with aligned columns. Lines have no trailing blanks.
#pragma once

#include <string>
#include <vector>

#include "cli/render/style.h"

namespace candor::cli {

struct Cell {
  std::string text;  // Printable
  Hue hue = Hue::kPlain;
};

struct Column {
  std::string title;
  bool right = false;  // aligned at the right, for figures
};

class Table {
 public:
  // Every line starts with `indent` spaces; columns are two spaces apart.
  Table(std::vector<Column> columns, size_t indent);

  // `row` has one cell for each column.
  void Add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  std::string Render(const Style& style) const;

 private:
  std::string Line(const std::vector<Cell>& row, const std::vector<size_t>& widths, const Style& style) const;

  std::vector<Column> columns_;
  size_t indent_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace candor::cli
