/** The query language in the order in which it is learned; each can be tried as it stands. */
export const EXAMPLES: readonly { query: string; meaning: string }[] = [
  { query: 'gold nanopart*', meaning: 'Both words, anywhere: names, tags, metadata, places' },
  { query: '"core loss" -draft', meaning: 'These words in this order, and not that one' },
  { query: 'instrument:titan,themis', meaning: 'One of several values of a field' },
  { query: 'pixel_size:<0.1nm voltage:80kV..200kV', meaning: 'Numbers with their units: bounds, ranges' },
  { query: 'date:2017-03..2018-01', meaning: 'Years, months, days; today, yesterday' },
  { query: '(eels OR eds) has:spectrum', meaning: 'Either; files that have something' },
  { query: 'in:"My project" tag:published by:lau', meaning: 'Where it lies, its tags, whose it is' },
];
