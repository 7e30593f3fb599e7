/**
 * Written by `npm run eval -- answers-fit`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
    // bias
    -6.3898,
    // share in the sentence
    0.8222,
    // its square
    2.2206,
    // words in the sentence
    3.6739,
    // share with its neighbours and headings
    2.1998,
    // share in the chunk
    -0.6674,
    // heaviest missing word
    0.9563,
    // missing words
    0.0558,
    // names with neighbours and headings
    -0.671,
    // names in the chunk
    1.3888,
    // share of similar words
    3.9524,
    // words that follow each other
    0.2592,
    // cosine
    0.8052,
    // has what is asked for
    -0.0517,
    // lacks what is asked for
    -1.0585,
    // lacks an amount
    -1.3381,
    // has a date
    -0.0237,
    // lacks a date
    -0.2313,
    // has a name
    -0.1486,
    // lacks a name
    -0.7185,
    // has the unit
    0.3527,
    // lacks the unit
    -0.9101,
    // nearness
    0.143,
    // length
    -0.3934,
    // new words
    -0.7236,
    // is a row or an item
    0.0,
    // begins with a pronoun
    0.1039,
    // words of the question
    0.258,
    // score of the hit
    -0.5773,
    // relative score of the hit
    1.9505,
    // share in no hit
    -0.4192,
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
    // bias
    0.1804,
    // share in the sentence
    -0.7326,
    // its square
    -1.1361,
    // words in the sentence
    0.9675,
    // share with its neighbours and headings
    0.9839,
    // share in the chunk
    1.2884,
    // heaviest missing word
    -0.0474,
    // missing words
    -1.2613,
    // names with neighbours and headings
    -0.0641,
    // names in the chunk
    0.2562,
    // share of similar words
    0.4295,
    // words that follow each other
    0.2471,
    // cosine
    1.1127,
    // has what is asked for
    -0.6022,
    // lacks what is asked for
    -0.1526,
    // lacks an amount
    0.4252,
    // has a date
    0.3063,
    // lacks a date
    0.5844,
    // has a name
    0.4008,
    // lacks a name
    0.3689,
    // has the unit
    0.7602,
    // lacks the unit
    0.3215,
    // nearness
    0.2425,
    // length
    -0.4976,
    // new words
    0.6042,
    // is a row or an item
    0.0,
    // begins with a pronoun
    -0.0929,
    // words of the question
    -0.1663,
    // score of the hit
    0.6613,
    // relative score of the hit
    -0.4114,
    // share in no hit
    0.0937,
    // logit
    1.1713,
    // likelihood
    -0.0319,
    // lead over the next sentence
    -0.1998,
    // lead over the next document
    0.3535,
    // length of the answer
    0.1176,
    // single sentence
    0.0046,
    // likelihood of the best three
    -0.4668,
    // logit × share in the sentence
    0.5175,
    // logit × share in the chunk
    -0.759,
    // logit squared
    -0.3527,
    // share in the sentence × in the chunk
    -0.4246,
    // share in the chunk squared
    0.4655,
    // share with its neighbours squared
    -0.2429,
    // lacks × share in the sentence
    -0.5475,
    // from the best hit
    0.432,
    // best score
    0.7428,
    // best score squared
    -3.7496,
    // sentences that have what is asked for
    -0.0479,
    // sentences with the same share
    0.0994,
  ],
};
