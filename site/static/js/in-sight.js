// The first row that is in sight below the header, or the last row.
export const inSight = (rows) => {
  const bar = document.querySelector(".site-header").getBoundingClientRect().bottom;
  return rows.find((row) => row.getBoundingClientRect().bottom > bar) ?? rows.at(-1);
};
