import { EventEmitter } from "node:events";
import { PGVectorStore as LangChainStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import { TextNode } from "@llamaindex/core/schema";
import { PGVectorStore as LlamaIndexStore } from "@llamaindex/postgres";
import { PgVector } from "@mastra/pg";
import pg from "pg";

// LlamaIndex's store adds a listener to its connection at each `add`.
EventEmitter.defaultMaxListeners = 100;

/**
 * Each framework's vector store in its own table: `open(url, table, { dimension, hnsw, keywords, filtered })`. `hnsw`
 * adds its vector index with its defaults. `filtered` adds indexes on these metadata keys, if the framework has a call
 * for it. `keywords` adds a full text index by one line of SQL, since no framework has a call for it. `prepare(rows)`
 * converts `{ text, vector, metadata }` to the framework's documents and returns a function that writes them. `search`
 * returns the texts of one tenant with a metadata filter, as the framework's documentation shows.
 */
export const stores = {
  async langchain(url, tableName, { dimension, hnsw, keywords }) {
    let vectors = [];
    const embeddings = { embedDocuments: async () => vectors };
    const pool = new pg.Pool({ connectionString: url });
    const store = await LangChainStore.initialize(embeddings, { pool, tableName, dimensions: dimension });
    // Without the namespace, the index of a second table would have the name of the first one's and would not be
    // created.
    const buildIndex = () => store.createHnswIndex({ dimensions: dimension, namespace: tableName });
    if (hnsw) await buildIndex();
    if (keywords) await addKeywords(pool, tableName, "text");
    return {
      prepare(rows) {
        const documents = rows.map(({ text, metadata }) => new Document({ pageContent: text, metadata }));
        vectors = rows.map(({ vector }) => vector);
        return () => store.addDocuments(documents);
      },
      buildIndex,
      async search(vector, tenantId, limit) {
        const found = await store.similaritySearchVectorWithScore(vector, limit, { tenantId });
        return found.map(([{ pageContent }]) => pageContent);
      },
      close: () => store.end(),
    };
  },

  async llamaindex(url, tableName, { dimension, hnsw, keywords }) {
    // Without an explicit model the store uses the global one, although nothing is embedded here.
    const config = { clientConfig: { connectionString: url }, embeddingModel: {} };
    const store = new LlamaIndexStore({ ...config, tableName, dimensions: dimension });
    const db = await store.client();
    // LlamaIndex has no call for a vector index; this one has pgvector's defaults.
    const buildIndex = () => db.query(`create index on ${tableName} using hnsw (embeddings vector_cosine_ops)`);
    if (hnsw) await buildIndex();
    if (keywords) await addKeywords(db, tableName, "document");
    return {
      prepare(rows) {
        const nodes = rows.map(({ text, vector, metadata }) => new TextNode({ text, embedding: vector, metadata }));
        return () => store.add(nodes);
      },
      buildIndex,
      async search(queryEmbedding, tenantId, similarityTopK) {
        const filters = { filters: [{ key: "tenantId", value: tenantId, operator: "==" }] };
        const { nodes } = await store.query({ queryEmbedding, similarityTopK, mode: "default", filters });
        return nodes.map((node) => node.text);
      },
      close: () => db.close(),
    };
  },

  async mastra(url, indexName, { dimension, hnsw, keywords, filtered = [] }) {
    const store = new PgVector({ id: indexName, connectionString: url });
    await store.createIndex({ indexName, dimension, buildIndex: false, metadataIndexes: filtered });
    const buildIndex = () => store.buildIndex({ indexName, metric: "cosine", indexConfig: { type: "hnsw" } });
    if (hnsw) await buildIndex();
    // Mastra stores the text in the metadata.
    if (keywords) await addKeywords(store.pool, indexName, "metadata->>'text'");
    return {
      prepare(rows) {
        const vectors = rows.map(({ vector }) => vector);
        const metadata = rows.map((row) => ({ text: row.text, ...row.metadata }));
        return () => store.upsert({ indexName, vectors, metadata });
      },
      buildIndex,
      async search(queryVector, tenantId, topK) {
        const found = await store.query({ indexName, queryVector, topK, filter: { tenantId } });
        return found.map(({ metadata }) => metadata.text);
      },
      close: () => store.disconnect(),
    };
  },
};

const addKeywords = (db, table, text) =>
  db.query(`create index on ${table} using gin (to_tsvector('english', ${text}))`);
